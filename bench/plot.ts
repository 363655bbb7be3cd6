/** A line chart as SVG text. Its ground is white whatever the page around it is, so the colours need one set only. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  /** What the values are, with their unit. */
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const SIZE = { width: 760, height: 420 };
const AREA = { left: 64, right: 692, top: 100, bottom: 364 };
/** Told apart by readers who confuse red and green as well (Okabe and Ito), and dark enough on white. */
const COLOURS = ['#0072b2', '#c04e00', '#00825c', '#a3467d'];
const LABEL_HEIGHT = 15;

/** From zero in equal round steps (1, 2 or 5 times a power of ten) up to the first that is not below `max`. */
export function roundTicks(max: number, about = 5): number[] {
  const rough = (max > 0 ? max : 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const count = Math.ceil((max > 0 ? max : 1) / step - 1e-9);
  // Multiples of a step such as 0.1 have a tail of binary digits.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

export function linePlot({ title, xLabel, yLabel, series }: Plot): string {
  const points = series.flatMap((one) => one.points);
  const xTicks = roundTicks(Math.max(0, ...points.map(([x]) => x)));
  const yTicks = roundTicks(Math.max(0, ...points.map(([, y]) => y)));
  const scale = (value: number, ticks: readonly number[], from: number, to: number) =>
    round(from + (value / ticks.at(-1)!) * (to - from));
  const x = (value: number) => scale(value, xTicks, AREA.left, AREA.right);
  const y = (value: number) => scale(value, yTicks, AREA.bottom, AREA.top);
  const middle = (AREA.left + AREA.right) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="t" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="13" fill="#3e4c59">
  <title id="t">${escaped(title)}</title>
  <rect width="100%" height="100%" rx="8" fill="#ffffff"/>
  <text x="24" y="34" font-size="17" font-weight="600" fill="#1f2933">${escaped(title)}</text>
  <text x="24" y="56">${escaped(yLabel)}</text>
  ${legend(series)}
  <g stroke="#e4e7eb">${yTicks.map((tick) => `<path d="M${AREA.left} ${y(tick)}H${AREA.right}"/>`).join('')}</g>
  <g text-anchor="end">${yTicks.map((tick) => `<text x="${AREA.left - 10}" y="${y(tick) + 4.5}">${figure(tick)}</text>`).join('')}</g>
  <path d="M${AREA.left} ${AREA.bottom}H${AREA.right}" stroke="#7b8794"/>
  <g text-anchor="middle">${xTicks.map((tick) => `<text x="${x(tick)}" y="${AREA.bottom + 21}">${figure(tick)}</text>`).join('')}
    <text x="${middle}" y="${AREA.bottom + 43}">${escaped(xLabel)}</text></g>
  ${series.map((one, index) => line(one, colourOf(index), x, y)).join('\n  ')}
  ${lastValues(series, x, y)}
</svg>
`;
}

type Scale = (value: number) => number;

function line({ points }: Series, colour: string, x: Scale, y: Scale): string {
  const places = points.map(([a, b]) => [x(a), y(b)] as const);
  const path = places.map(([left, top]) => `${left},${top}`).join(' ');
  const dots = places.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="4.5"/>`).join('');
  return `<g fill="${colour}" stroke="#ffffff" stroke-width="1.5"><polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>${dots}</g>`;
}

/** One row; how wide a name is can only be guessed. */
function legend(series: readonly Series[]): string {
  let left = 24;
  return series
    .map(({ name }, index) => {
      const at = left;
      left += 44 + name.length * 7.2;
      return `<circle cx="${round(at + 5)}" cy="77" r="5" fill="${colourOf(index)}"/><text x="${round(at + 16)}" y="81.5">${escaped(name)}</text>`;
    })
    .join('');
}

/** The value of each line's last point beside it, above the axis, and moved up where two would cover each other. */
function lastValues(series: readonly Series[], x: Scale, y: Scale): string {
  let free = AREA.bottom;
  return series
    .flatMap(({ points }, index) => {
      const last = points.at(-1);
      return last ? [{ left: x(last[0]) + 10, top: y(last[1]) + 4.5, value: last[1], index }] : [];
    })
    .sort((a, b) => b.top - a.top)
    .map(({ left, top, value, index }) => {
      const at = Math.min(top, free);
      free = at - LABEL_HEIGHT;
      return `<text x="${round(left)}" y="${round(at)}" font-weight="600" fill="${colourOf(index)}">${figure(value)}</text>`;
    })
    .join('');
}

const colourOf = (index: number) => COLOURS[index % COLOURS.length]!;

const round = (value: number) => Math.round(value * 10) / 10;

/** Three digits say enough: 0.42, 4.2, 42, 4,200. */
function figure(value: number): string {
  return (value >= 100 ? Math.round(value) : Number(value.toPrecision(3))).toLocaleString('en');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
