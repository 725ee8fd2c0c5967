export interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
}

/** A number that a page begins with; inside a `dl`. */
export function Figure({ label, value, note }: FigureProps) {
  return (
    <div>
      <dt className="text-12 text-ink-2">{label}</dt>
      <dd className="text-20 font-medium">{value}</dd>
      {note !== undefined && <dd className="text-11 text-ink-3">{note}</dd>}
    </div>
  );
}
