// Keeps a run's page up to date while the run goes on. Without it the page asks to be loaded again by itself.
const log = document.querySelector('ol.log[data-live]');
if (log) {
  // More than these make a browser slow; all of them are there as plain text.
  const MOST_LINES = 1000;
  let number = Number(log.dataset.lines);
  const source = new EventSource(`${log.dataset.live}?after=${encodeURIComponent(log.dataset.after)}`);

  source.addEventListener('line', (event) => {
    const { from, text } = JSON.parse(event.data);
    const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 40;
    number += 1;
    const item = document.createElement('li');
    item.id = `L${number}`;
    const anchor = document.createElement('a');
    anchor.href = `#L${number}`;
    anchor.textContent = String(number);
    item.append(anchor, span(from), span(text));
    log.append(item);
    if (log.children.length > MOST_LINES) log.firstElementChild.remove();
    if (isAtEnd) item.scrollIntoView({ block: 'end' });
  });

  // Rendered, and escaped, by the server.
  source.addEventListener('facts', (event) => {
    document.getElementById('facts').innerHTML = JSON.parse(event.data);
  });

  source.addEventListener('end', () => source.close());
}

function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
