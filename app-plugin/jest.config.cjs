module.exports = require('../toolchain/jest-plugin.cjs');
