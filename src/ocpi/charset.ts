import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/*
 * JSON is UTF-8. Some platforms send ISO-8859-1 or windows-1252, with and without saying so: a name that is read as
 * UTF-8 then loses its letters for good.
 */

/** Bytes as text. `guessed`: they were no UTF-8 and did not say what they are. */
export interface Decoded {
  text: string;
  guessed: boolean;
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const UTF_8 = /^utf-?8$/i;
const BYTE_ORDER_MARK = '\uFEFF';
/** Every byte is a letter in it: it never fails, so that it is tried last. */
const LAST_TRIED = 'windows-1252';

const withoutMark = (text: string): string => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);

/** The charset that a Content-Type names, where it is another one than UTF-8. */
export function charsetOf(contentType: string | undefined): string | undefined {
  const named = contentType === undefined ? undefined : CHARSET.exec(contentType)?.[1];
  return named === undefined || UTF_8.test(named) ? undefined : named;
}

function decoderOf(charset: string | undefined): TextDecoder | undefined {
  try {
    return charset === undefined ? undefined : new TextDecoder(charset);
  } catch {
    return undefined; // no charset that there is: what was sent shows what it is
  }
}

/** Text of a JSON body or answer, by the charset that its Content-Type names, else UTF-8, else a guess. */
export function decodeText(bytes: Buffer, contentType: string | undefined): Decoded {
  const declared = decoderOf(charsetOf(contentType));
  if (declared) return { text: withoutMark(declared.decode(bytes)), guessed: false };
  if (isUtf8(bytes)) return { text: withoutMark(bytes.toString('utf8')), guessed: false };
  return { text: new TextDecoder(LAST_TRIED).decode(bytes), guessed: true };
}
