/** The advice of a cause as it goes on after "Next:". A name at its start keeps its capital letter. */
export function nextStep(remedy: string): string {
  const startsWithAName = /^(?:Swarm|Docker|Redis|Gitea|Co-op|cc-ci)\b/.test(remedy);
  return `Next: ${startsWithAName ? remedy : remedy.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`;
}
