// @ts-check
/**
 * A deck.gl canvas that never draws ahead of its device: frames asked for while the last one is still being drawn become
 * one. Else a slow device draws each of the frames of a city that loads, and what it shows lags behind by all of them.
 */

/** @type {any} */
let PacedDeckClass = null;

/** The class; it extends one of deck.gl's, which is not here yet while modules load. */
export function pacedDeckClass() {
  PacedDeckClass ??= definePacedDeck(window.deck);
  return PacedDeckClass;
}

/** @param {any} deck */
function definePacedDeck(deck) {
  return class PacedDeck extends deck.Deck {
    /**
     * Ask for a frame. It is drawn with the layers that were last set: drawing at once would show those before them.
     * @param {string} reason
     */
    ask(reason) {
      this.asked = reason;
    }

    /**
     * Draw if there is a reason to, and the device is done with the last frame. The reason is kept if it is not.
     * @param {string} [reason]
     */
    redraw(reason) {
      this.asked = reason || this.asked;
      if (this.underway()) return;
      const {asked} = this;
      this.asked = undefined;
      super.redraw(asked);
    }

    /** Told after each frame: wait for the device before the next one. */
    drew() {
      const gl = this.device?.gl;
      this.fence = gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl?.flush();
    }

    underway() {
      const gl = this.device?.gl;
      if (!this.fence || !gl || gl.isContextLost()) return false;
      if (gl.getSyncParameter(this.fence, gl.SYNC_STATUS) !== gl.SIGNALED) return true;
      gl.deleteSync(this.fence);
      this.fence = null;
      return false;
    }
  };
}
