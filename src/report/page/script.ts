/**
 * Sorting and filters. The page is whole without it: it adds a button to each head of a table, and a field above each long table. It makes
 * no request and writes texts only (`textContent`), never markup.
 */
export const SCRIPT = `
'use strict';
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const key = (row, column) => {
    const cell = row.cells[column];
    const number = cell.dataset.sort;
    return number === undefined ? cell.textContent : Number(number);
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const order = [...rows].sort((a, b) => {
        const [x, y] = [key(a, column), key(b, column)];
        const by = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
        return (down ? -by : by) || rows.indexOf(a) - rows.indexOf(b);
      });
      body.append(...order);
    });
  });
  const form = table.closest('section').querySelector('[data-filter="' + table.id + '"]');
  if (form === null) continue;
  form.hidden = false;
  const input = form.querySelector('input');
  const count = form.querySelector('output');
  const words = count.dataset.words;
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase().split(/\\s+/);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.replace('{shown}', shown).replace('{all}', rows.length);
  });
}
`;
