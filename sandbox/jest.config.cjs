module.exports = require('../toolchain/jest-node.cjs')({ roots: ['<rootDir>/src'] });
