/** Writes tar archives as nobody should: the headers say what they are told to. */

export interface TarMember {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The type flag: 0 file, 1 link, 2 symlink, 3 and 4 devices, 5 folder, 6 pipe. */
  readonly type?: string;
  readonly link?: string;
  /** What the header says in place of the content's size. */
  readonly size?: number;
  readonly sizeText?: string;
  readonly checksum?: number;
  /** A pax header before it. */
  readonly pax?: Readonly<Record<string, string>>;
  /** A GNU long name before it. */
  readonly gnuName?: string;
}

const BLOCK = 512;

export function tar(members: readonly TarMember[]): Buffer {
  return Buffer.concat([...members.flatMap(entry), Buffer.alloc(2 * BLOCK)]);
}

function entry(member: TarMember): Buffer[] {
  const parts: Buffer[] = [];
  if (member.pax !== undefined) parts.push(...plain({ name: 'pax', type: 'x', content: paxRecords(member.pax) }));
  if (member.gnuName !== undefined)
    parts.push(...plain({ name: '././@LongLink', type: 'L', content: `${member.gnuName}\0` }));
  return [...parts, ...plain(member)];
}

function plain(member: TarMember): Buffer[] {
  const content = Buffer.from(member.content ?? '');
  return [header(member, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

function header({ name, type = '0', link = '', size, sizeText, checksum }: TarMember, length: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(sizeText ?? `${(size ?? length).toString(8).padStart(11, '0')}\0`, 124, 12);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write(link, 157, 100);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0) + (checksum ?? 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function paxRecords(pax: Readonly<Record<string, string>>): string {
  return Object.entries(pax)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      const digits = String(rest.length + 2).length;
      return `${rest.length + digits}${rest}`;
    })
    .join('');
}
