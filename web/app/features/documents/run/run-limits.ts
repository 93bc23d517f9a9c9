/** Bounds of a run of code. The page, the frame and the worker in it each enforce them. Imports nothing. */
export const runLimits = {
  /** Loading Python, which is about 6 MB to transfer. */
  loadingMs: 120_000,
  packagesMs: 120_000,
  /** Files of packages that one run loads, and their bytes together. */
  packageFilesMax: 100,
  packagesMaxBytes: 100_000_000,
  runningMs: 60_000,
  /** Characters and lines of everything that a run writes. */
  outputMaxLength: 200_000,
  outputMaxLines: 5_000,
  /** Pieces of output in one message of the frame, and characters of one piece. */
  piecesPerMessageMax: 64,
  pieceMaxLength: 8_000,
  picturesMax: 20,
  pictureMaxBytes: 4_000_000,
  errorMaxLength: 8_000,
  /** Messages of one run: far more than a run that keeps to the other bounds needs. */
  messagesMax: 10_000,
} as const;
