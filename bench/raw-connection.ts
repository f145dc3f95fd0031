import net from 'node:net';

/*
 * A keep-alive HTTP/1.1 client on a bare socket, one request in flight: the cheapest client there is, so that the load
 * takes as little as possible of the cores it shares with what is measured.
 */

const HEADER_END = '\r\n\r\n';
const LENGTH = /content-length: *(\d+)/i;

export class RawConnection {
  private readonly socket: net.Socket;
  private text = '';
  private wanted = -1;

  /** @param onAnswer gets each whole answer as text; the next request may be sent from it. */
  constructor(
    port: number,
    private readonly onAnswer: (answer: string) => void,
    onEnd: (reason: string) => void,
  ) {
    this.socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => this.take(chunk));
    this.socket.on('error', (error) => onEnd(error.message));
    this.socket.on('close', () => onEnd('the connection was closed'));
  }

  send(request: string): void {
    this.socket.write(request);
  }

  end(): void {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  private take(chunk: string): void {
    this.text = this.text === '' ? chunk : this.text + chunk;
    if (this.wanted < 0) this.readLength();
    if (this.wanted < 0 || this.text.length < this.wanted) return;
    const answer = this.text;
    this.text = '';
    this.wanted = -1;
    this.onAnswer(answer);
  }

  private readLength(): void {
    const at = this.text.indexOf(HEADER_END);
    if (at < 0) return;
    this.wanted = at + HEADER_END.length + Number(LENGTH.exec(this.text)?.[1] ?? 0);
  }
}
