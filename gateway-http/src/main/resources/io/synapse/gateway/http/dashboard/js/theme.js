// Runs before the page is painted, so that a chosen theme does not flash. A classic script for that reason.
(() => {
  const chosen = (() => {
    try {
      return localStorage.getItem('synapse.theme');
    } catch {
      return null;
    }
  })();
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
