/** `1 volume`, `3 volumes`. @param plural the word with its s */
export function counted(count: number, plural: string): string {
  return `${count} ${count === 1 ? plural.replace(/s$/, '') : plural}`;
}
