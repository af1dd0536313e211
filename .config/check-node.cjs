// Old syntax on purpose: this is what an older Node prints first.
var needed = require('../package.json').engines.node.replace('>=', '');
var have = process.versions.node;
var isOlder =
  have
    .split('.')
    .map(Number)
    .reduce((found, part, index) => found || part - Number(needed.split('.')[index]), 0) < 0;
if (isOlder) {
  console.error(`testmesh needs Node ${needed} or newer; this is Node ${have}`);
  process.exit(1);
}
