import { stripVTControlCharacters } from 'node:util';

/** Foreign text on its way to a terminal, as the characters that it is: it must not steer it. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, ' ');
}
