import { type Results, show } from "./results.ts";

const [width, rowHeight, left, right] = [720, 54, 250, 110];
const barHeight = 15;

/**
 * Draws the comparison as bars, each pair to its own scale. Readable on light and dark pages.
 *
 * @returns an SVG document
 */
export function drawChart({ perChunk, delay, resume, resumeInside }: Results): string {
  const rows = [
    ["Time per chunk, 5 readers", perChunk[5], "µs"],
    ["Time per chunk, 1 reader", perChunk[1], "µs"],
    ["Resume at half, at the server", resumeInside.inARow, "ms"],
    ["The same, after 17 ms of idling", resumeInside.afterIdling, "ms"],
    ["Resume at half, with HTTP", resume.liveWarm.caughtUpMs, "ms"],
    ["Added delay at 20 chunks/s, p50", delay[20].p50, "ms"],
    ["Added delay at 200 chunks/s, p50", delay[200].p50, "ms"],
  ] as const;
  const height = rows.length * rowHeight + 56;
  const bars = rows.flatMap(([label, pair, unit], row) => {
    const top = 48 + row * rowHeight;
    const longest = Math.max(...pair);
    const drawn = pair.map((value, side) => {
      const length = Math.max(2, ((width - left - right) * value) / longest);
      const y = top + side * (barHeight + 3);
      const kind = side === 0 ? "theirs" : "ours";
      return `<rect class="${kind}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3"/>
  <text x="${(left + length + 8).toFixed(1)}" y="${y + 12}">${show(value)} ${unit}</text>`;
    });
    return [`<text class="label" x="${left - 14}" y="${top + 20}">${label}</text>`, ...drawn];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Streaming figures of resumable-stream on Redis and of Alleato Chat">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #57606a; }
    .label { text-anchor: end; fill: #24292f; }
    .theirs { fill: #9aa4b1; }
    .ours { fill: #0f766e; }
    @media (prefers-color-scheme: dark) {
      text { fill: #a4adb8; }
      .label { fill: #e6edf3; }
      .theirs { fill: #6b7683; }
      .ours { fill: #2dd4bf; }
    }
  </style>
  <rect class="theirs" x="${left}" y="12" width="12" height="12" rx="3"/>
  <text x="${left + 18}" y="23">resumable-stream on Redis</text>
  <rect class="ours" x="${left + 210}" y="12" width="12" height="12" rx="3"/>
  <text x="${left + 228}" y="23">Alleato Chat (less is better)</text>
  ${bars.join("\n  ")}
</svg>
`;
}
