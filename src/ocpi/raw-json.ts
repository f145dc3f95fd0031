/** A value that is already JSON text goes out as it is: nothing that came in is parsed and written out again. */
export class RawJson {
  constructor(readonly text: string) {}
}
