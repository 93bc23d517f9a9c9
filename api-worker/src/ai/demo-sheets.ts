/** What the demo model writes into sheets. */

/**
 * Makes a sheet, or adds a row to one, or drops empty lines. Its cells have what CSV needs quotation marks for.
 *
 * @param content the sheet as it is; undefined for a new one
 * @param task the task of the document's writer
 */
export function composeSheet(subject: string, content: string | undefined, task: string): string {
  if (content !== undefined && /Clean up/.test(task)) return content.replace(/\n{2,}/g, "\n");
  if (content !== undefined && !/Finish it\.$/.test(task)) {
    return `${content.trimEnd()}\nAdded by the demo model,1,0,\n`;
  }
  const [first = "", ...rest] = Array.from(subject.replaceAll('"', '""'));
  const named = first.toUpperCase() + rest.join("");
  const orders = Array.from({ length: 120 }, (_, index) => {
    const amount = ((index * 7) % 23) + 1;
    const place = places[index % places.length];
    const note = place && `Sent to ${place} by train and paid on arrival`;
    return `Order ${index + 1},${amount},${(amount * 2.35).toFixed(2)},${note}`;
  });
  return `Item,Amount,Price,Note
"${named}, small",12,3.50,In stock
"${named}, large",4,19.90,"Two colors, made to order"
"Best of ""${named}""",1,149,A gift
Delivery,1,-5,Paid by us
${orders.join("\n")}
`;
}

const places = ["Lisbon", "Osaka", "Nairobi", "Quito", ""] as const;
