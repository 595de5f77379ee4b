// @ts-check
/** A panel that is drawn anew while one works in it with keys keeps the focus: on the control in the same place. */

(() => {
  const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex="0"], [role="slider"]';

  /** @type {{slot: string, place: number, element: Element} | null} */
  let last = null;

  const controls = (/** @type {Element} */ slot) => [...slot.querySelectorAll(FOCUSABLE)];

  document.addEventListener('focusin', (event) => {
    const element = /** @type {Element} */ (event.target);
    const slot = element.closest?.('.slot[id]');
    last = slot ? {slot: slot.id, place: controls(slot).indexOf(element), element} : null;
  });

  document.addEventListener('pointerdown', () => (last = null));

  new MutationObserver(() => {
    if (!last || last.element.isConnected || document.activeElement !== document.body) return;
    const slot = document.getElementById(last.slot);
    const again = slot && controls(slot)[last.place];
    if (again instanceof HTMLElement) again.focus({preventScroll: true});
  }).observe(document.documentElement, {childList: true, subtree: true});
})();
