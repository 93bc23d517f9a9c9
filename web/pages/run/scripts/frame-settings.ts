/** What the script in a frame gets from the server, as JSON in the page. */
export interface FrameSettings {
  /** The code of the worker in the frame. */
  readonly workerCode: string;
  /** The folder with Python, as an absolute address. */
  readonly pythonUrl: string;
}
