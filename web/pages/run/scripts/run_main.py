async def _run_main(source, page):
    """Runs the source as the main module. Returns the error as text, or None."""
    import linecache
    import sys
    import traceback
    import types
    import warnings

    from pyodide.code import eval_code_async
    from pyodide.ffi import to_js

    name = "main.py"
    main = types.ModuleType("__main__")
    main.__file__ = name
    sys.modules["__main__"] = main
    # Tracebacks show the lines.
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    warnings.filterwarnings("ignore", message=".*non-interactive.*")

    def show_figures():
        plot = sys.modules.get("matplotlib.pyplot")
        if plot is None:
            return
        import io

        for number in plot.get_fignums():
            file = io.BytesIO()
            plot.figure(number).savefig(file, format="png", bbox_inches="tight")
            page.writePicture(to_js(file.getvalue()))
        plot.close("all")

    def show_result(value):
        if value is None:
            return
        to_png = getattr(value, "_repr_png_", None)
        if callable(to_png):
            page.writePicture(to_js(bytes(to_png())))
        else:
            page.writeResult(repr(value))

    def describe_missing(module, text):
        top = module.partition(".")[0]
        # A part that is missing in a package that is there.
        if top == "" or top in sys.modules and module != top:
            return text
        if top in sys.stdlib_module_names:
            reason = f"“{top}” is a part of Python that isn’t available in a browser."
        else:
            reason = page.explainImport(top)
        return f"ModuleNotFoundError: No module named {top!r}\n{reason}"

    def describe(error):
        lines = traceback.TracebackException.from_exception(error)
        # Without the frames of what runs the source.
        while lines.stack and lines.stack[0].filename != name:
            del lines.stack[0]
        text = "".join(lines.format()).rstrip()
        if isinstance(error, ModuleNotFoundError):
            text = describe_missing(error.name or "", text)
        elif isinstance(error, EOFError):
            text += "\nA run cannot ask for input. Put the values into the code."
        return text

    try:
        show_result(await eval_code_async(source, main.__dict__, filename=name))
        show_figures()
    except SystemExit as end:
        show_figures()
        if end.code not in (None, 0):
            return f"The program ended with exit code {end.code}."
    except BaseException as error:
        return describe(error)
    return None


_run_main
