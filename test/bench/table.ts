import type { CaseReport, ContenderReport, GoalReport, Machine } from './results.ts';

/** A case's results in Markdown. */
export function caseTable(report: CaseReport): string {
  if (report.skipped !== null) return `### ${report.title}\n\nSkipped: ${report.skipped}.\n`;
  const packs = report.contenders.some(({ median }) => median?.archiveBytes);
  return [
    `### ${report.title}\n`,
    row('', 'wall s', 'CPU s', 'peak MB', 'MB/s', ...(packs ? ['archive MB'] : [])),
    row('---', '---:', '---:', '---:', '---:', ...(packs ? ['---:'] : [])),
    ...report.contenders.map((contender) => contenderRow(contender, report.bytes, packs)),
    '',
    ...report.goals.map(goalLine),
    ...(report.sinkMegabytesPerSecond === null ? [] : [`- The sink takes ${report.sinkMegabytesPerSecond} MB/s from a client that only writes.`]),
    '',
  ].join('\n');
}

/** The machine, in one line. */
export function machineLine({ cpu, cores, memoryGigabytes, system, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${system}, Node ${node}`;
}

function contenderRow({ name, skipped, median }: ContenderReport, bytes: number, packs: boolean): string {
  if (skipped !== null || !median) return row(name, `skipped: ${skipped ?? 'no runs'}`, '', '', '', ...(packs ? [''] : []));
  const { wallSeconds, cpuSeconds, peakMegabytes, archiveBytes } = median;
  return row(
    name, wallSeconds.toFixed(2), cpuSeconds?.toFixed(2) ?? '–', peakMegabytes?.toFixed(0) ?? '–', (bytes / 1e6 / wallSeconds).toFixed(0),
    ...(packs ? [archiveBytes ? (archiveBytes / 1e6).toFixed(1) : '–'] : []),
  );
}

function goalLine({ what, bound, limit, measured, met }: GoalReport): string {
  const goal = `${what}: ${bound} ${limit}`;
  if (measured === null) return `- ${goal}; not measured.`;
  const missedBy = Math.abs(measured - limit);
  return `- ${goal}; ${measured.toPrecision(3)}, ${met ? 'met' : `**missed** by ${missedBy.toPrecision(2)}`}.`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
