import type { Sample, SampleFindings, SampleSearch } from '../contract/sample.ts';
import { type ChartLine, lineChart, roundTicks } from './chart.ts';
import { type Html, html } from './html.ts';
import { reportStyle } from './style.ts';
import { count, percent, seconds } from './words.ts';

/** What the report is made of. */
export interface ReportContent {
  readonly sample: Sample;
  /** Crops by their hash, as data URIs: what is missing is left out. */
  readonly pictures: ReadonlyMap<string, string>;
  readonly curves: {
    /** Mean loss by step. */
    readonly loss: readonly (readonly [step: number, loss: number])[];
    /** Verification accuracy by step, 0..1. */
    readonly accuracy: readonly (readonly [step: number, accuracy: number])[];
  };
  /** Lineament's version. */
  readonly version: string;
}

/** A curve of fewer points is shown as these. */
const fewPoints = 10;
const nothing: Html = { html: '' };

function figure(name: string, value: string, more = ''): Html {
  return html`<div><dt>${name}</dt><dd>${value}${more === '' ? nothing : html`<small>${more}</small>`}</dd></div>`;
}

function figures({ faces, clusters, verification, searches }: SampleFindings, all: number): Html {
  const first = searches.flatMap(({ hits }) => hits.slice(0, 1));
  const list = [
    ...(faces === null
      ? []
      : [
          figure(
            'Faces found',
            percent(faces.found / faces.true, 1),
            `${count(faces.found)} of ${count(faces.true)}`,
          ),
          figure('Five points are off by', percent(faces.pointError, 1), 'of the eyes’ distance (median)'),
        ]),
    ...(clusters === null
      ? []
      : [figure('Clusters, pairwise F1', clusters.f1.toFixed(3), `${clusters.identities} people`)]),
    ...(verification === null
      ? []
      : [
          figure(
            'Verification, before → after',
            `${percent(verification.before.accuracy, 1)} → ${percent(verification.after.accuracy, 1)}`,
            `${count(verification.pairs)} pairs of people it never saw`,
          ),
        ]),
    ...(first.length === 0
      ? []
      : [
          figure(
            'Searches whose best hit is right',
            `${first.filter(({ right }) => right).length} of ${first.length}`,
          ),
        ]),
    figure('In all', seconds(all)),
  ];
  return html`<dl class="figures">${list}</dl>`;
}

function image(pictures: ReportContent['pictures'], crop: string, alt: string): Html {
  const source = pictures.get(crop);
  return source === undefined ? nothing : html`<img src="${source}" alt="${alt}">`;
}

function search(pictures: ReportContent['pictures'], { crop, hits }: SampleSearch): Html {
  const found = hits.map(
    (hit) =>
      html`<li><figure>${image(pictures, hit.crop, hit.right ? 'the same person' : 'somebody else')}<span class="${hit.right ? 'right' : 'wrong'}">${hit.right ? '✓' : '✗'} ${hit.similarity.toFixed(2)}</span></figure></li>`,
  );
  return html`<ul class="faces"><li class="query"><figure>${image(pictures, crop, 'who is searched for')}searched for</figure></li>${found}</ul>`;
}

function trainingCharts({ curves }: ReportContent): Html {
  const steps = Math.max(1, curves.loss.at(-1)?.[0] ?? 1);
  const most = Math.max(1, ...curves.loss.map(([, value]) => value));
  const x = { title: 'step', from: 0, to: steps, ticks: roundTicks(0, steps, 5), text: String };
  const least = Math.min(0.5, ...curves.accuracy.map(([, value]) => value));
  const loss: ChartLine = { name: 'loss', points: curves.loss };
  const accuracy: ChartLine = { name: 'accuracy on held-out people', points: curves.accuracy, dots: true };
  return html`${lineChart({
    ...{ title: 'Loss', about: `The loss over ${steps} steps of training`, x, lines: [loss] },
    y: {
      title: 'loss',
      from: 0,
      to: most,
      ticks: roundTicks(0, most, 5),
      text: (value) => String(Number(value.toPrecision(3))),
    },
  })}${lineChart({
    ...{ title: 'Verification', about: `The accuracy over ${steps} steps of training`, x, lines: [accuracy] },
    y: {
      title: 'accuracy',
      from: least,
      to: 1,
      ticks: roundTicks(least, 1, 5),
      text: (value) => percent(value),
    },
  })}`;
}

function rocChart({ before, after }: NonNullable<SampleFindings['verification']>): Html {
  const axis = { from: 0, to: 1, ticks: roundTicks(0, 1, 5), text: (value: number) => percent(value) };
  return lineChart({
    title: 'ROC',
    about: `True over false accepts: area ${after.auc.toFixed(3)} after training, ${before.auc.toFixed(3)} before`,
    x: { ...axis, title: 'false accepts' },
    y: { ...axis, title: 'true accepts' },
    lines: [
      { name: `after training (area ${after.auc.toFixed(3)})`, points: after.roc },
      {
        ...{ name: `before (area ${before.auc.toFixed(3)})`, points: before.roc },
        // Of the network as it began a few rates are known: lines between them would cut the curve's corners.
        ...(before.roc.length < fewPoints ? { dots: 'only' } : { dashed: true }),
      },
    ],
  });
}

function lookAlikesWords({ lookAlikes }: NonNullable<SampleFindings['verification']>): string {
  if (lookAlikes === undefined) return '';
  const { pairs, identities, before, after } = lookAlikes;
  return ` A network that has learnt nothing tells many people apart by their colours and hair. On ${count(pairs)} pairs of ${count(identities)} others of the same skin, hair and sex it was right in ${percent(before, 1)} before training, and in ${percent(after, 1)} after.`;
}

function sections(content: ReportContent): Html {
  const { sample, pictures } = content;
  const { made, faces, clusters, training, verification, searches } = sample.findings;
  const parts = [
    made === null
      ? nothing
      : html`<h2>What was made</h2>
<p>${count(made.photographs)} photographs of ${made.identities} people, and ${count(made.crops)} aligned crops of ${made.cropIdentities} others to train on, from seed ${sample.seed}. Some photographs are wrongly labelled, doubled, cut off or show masks, as real ones are.</p>
<ul class="faces">${sample.shown.map((crop) => html`<li>${image(pictures, crop, 'a generated face')}</li>`)}</ul>`,
    faces === null
      ? nothing
      : html`<h2>Faces found</h2>
<p>The built-in detector found ${count(faces.found)} of the ${count(faces.true)} faces (${percent(faces.found / faces.true, 1)}), and ${faces.extra === 0 ? 'none' : count(faces.extra)} where there is none. Its five points lie ${percent(faces.pointError, 1)} of the eyes’ distance from the true ones, in the median.</p>`,
    clusters === null
      ? nothing
      : html`<h2>Clusters</h2>
<p>Without looking at labels, ${count(clusters.faces)} faces of ${clusters.identities} people were put into ${clusters.clusters === 1 ? '1 group' : `${clusters.clusters} groups`}. Over pairs of faces: precision ${percent(clusters.precision, 1)}, recall ${percent(clusters.recall, 1)}, F1 ${clusters.f1.toFixed(3)}. To a network that learnt from photographs drawn faces look more alike than real ones, so a higher similarity is asked for than with those.</p>`,
    training === null
      ? nothing
      : html`<h2>Training</h2>
<p>A MobileFaceNet at ${training.size} × ${training.size} pixels with ArcFace, on ${count(training.images)} crops of ${count(training.identities)} people: ${count(training.steps)} steps of ${training.batch} pictures in ${seconds(training.seconds)}. ${training.heldOut} more people were kept out.</p>
<div class="charts">${trainingCharts(content)}${verification === null ? nothing : rocChart(verification)}</div>`,
    verification === null
      ? nothing
      : html`<p>On ${count(verification.pairs)} pairs of people that it was not trained on, the network is right in ${percent(verification.after.accuracy, 1)} ± ${percent(verification.after.deviation, 1)} (ten folds); before training it was right in ${percent(verification.before.accuracy, 1)}.${lookAlikesWords(verification)}</p>`,
    searches.length === 0
      ? nothing
      : html`<h2>Search</h2>
<p>Faces of the photographs that look most like the one on the left, by the built-in embedding; ✓ is the same person.</p>
${searches.map((one) => search(pictures, one))}`,
  ];
  return { html: parts.map((part) => part.html).join('\n') };
}

/** The sample project as one HTML page that refers to nothing outside of it. */
export function sampleReport(content: ReportContent): string {
  const { sample, version } = content;
  const all = sample.steps.reduce((sum, step) => sum + step.seconds, 0);
  const rows = sample.steps.map(
    (step) =>
      html`<tr><td>${step.title}</td><td>${step.result ?? step.about}</td><td class="number">${step.state === 'waiting' ? '–' : seconds(step.seconds)}</td></tr>`,
  );
  const body = html`<h1>Sample project</h1>
<p class="muted">Lineament ${version}, seed ${sample.seed}${sample.state === 'done' ? '' : ': not all steps are done'}</p>
<p class="note">Nobody in this report exists: all faces were generated. They are for learning the tool and for tests. Models trained on them are not for real faces.</p>
${figures(sample.findings, all)}
${sections(content)}
<h2>Steps and times</h2>
<div class="scroll"><table><thead><tr><th scope="col">Step</th><th scope="col">What came of it</th><th scope="col" class="number">Time</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lineament: sample project</title><style>${reportStyle}</style></head>
<body>
${body.html}
</body></html>
`;
}
