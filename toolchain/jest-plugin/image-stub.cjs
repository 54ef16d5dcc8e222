module.exports = 'image';
