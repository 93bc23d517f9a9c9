/** An answer with everything that is copied differently from how it is shown. */
export const copiedAnswer = `The sum $a_1 + b$ and the root $\\sqrt{x}$ are here.

$$
\\int_0^1 x\\,dx
= \\frac{1}{2}
$$

3. first with $y^2$
4. second
   - inner

| Name | Value | Formula |
|---|--:|---|
| A | 1 | $z^3$ |
| =SUM(A1) | | two<br>lines |

\`\`\`python
if a < 1:
\tprint("b")

done()
\`\`\`

blue[^1] sky

[^1]: Rayleigh $k$

<details>
<summary>More</summary>

folded

</details>

[the docs](https://docs.example/start) end
`;
