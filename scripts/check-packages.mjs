// Builds both front ends and says whether what they made may be shipped. The backend needs Go and is looked at by npm run package.
import { join } from 'node:path';
import { buildFrontEnds, PLUGINS } from './build-plugins.mjs';
import { root } from './install.mjs';
import { mistakesIn } from './package-contents.mjs';

buildFrontEnds();
const mistakes = PLUGINS.flatMap((plugin) =>
  mistakesIn(join(root, plugin, 'dist'), { withBinaries: false }).map((mistake) => `${plugin}: ${mistake}`),
);
for (const mistake of mistakes) console.error(mistake);
process.exit(mistakes.length === 0 ? 0 : 1);
