require('@testing-library/jest-dom');
const { configure } = require('@testing-library/react');

// A busy machine is slow, not wrong: what should appear is waited for much longer than it ever takes.
// Asking of every ancestor whether it is visible makes a query by role ten times slower in a page of Grafana's size;
// a test that cares says toBeVisible().
configure({ asyncUtilTimeout: 15_000, defaultHidden: true });
