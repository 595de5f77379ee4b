// @ts-check
/** What the canvas says while it loads, and when something keeps it from drawing. */

const TEXTS = {
  zh: {
    loading: '正在载入三维城市',
    tableFailed: '三维数据未能载入',
    noWebgl: '此浏览器未提供 WebGL2，无法显示三维城市；请启用硬件加速，或改用表格视图。',
    contextLost: '图形设备中断，正在恢复三维城市…',
    retry: '重试',
    colon: '：',
  },
  en: {
    loading: 'Loading the 3D city',
    tableFailed: 'The 3D data could not be loaded',
    noWebgl: 'This browser offers no WebGL2, so the 3D city cannot be drawn: enable hardware acceleration, or use the table view.',
    contextLost: 'The graphics device was lost; restoring the 3D city…',
    retry: 'Retry',
    colon: ': ',
  },
};

/** @typedef {keyof typeof TEXTS.en} TextKey */

export class StatusPanel {
  /**
   * @param {HTMLElement} root
   * @param {() => void} retry
   */
  constructor(root, retry) {
    this.progress = document.createElement('div');
    this.progress.className = 'deck-progress';
    this.progress.setAttribute('role', 'progressbar');
    this.bar = document.createElement('span');
    this.progress.append(this.bar);
    this.message = document.createElement('div');
    this.message.className = 'deck-message';
    this.message.setAttribute('role', 'status');
    this.text = document.createElement('p');
    this.button = document.createElement('button');
    this.button.type = 'button';
    this.button.addEventListener('click', retry);
    this.message.append(this.text, this.button);
    root.append(this.progress, this.message);
    this.progress.hidden = true;
    this.message.hidden = true;
  }

  get texts() {
    return document.documentElement.lang.startsWith('en') ? TEXTS.en : TEXTS.zh;
  }

  /**
   * @param {number} done
   * @param {number} all
   */
  loading(done, all) {
    this.progress.hidden = done >= all;
    this.progress.setAttribute('aria-label', this.texts.loading);
    this.progress.setAttribute('aria-valuenow', String(Math.round((100 * done) / Math.max(1, all))));
    this.bar.style.transform = `scaleX(${Math.max(0.04, done / Math.max(1, all))})`;
  }

  /**
   * @param {TextKey} key
   * @param {{detail?: string, retry?: boolean}} [options]
   */
  say(key, {detail = '', retry = false} = {}) {
    this.text.textContent = detail ? `${this.texts[key]}${this.texts.colon}${detail}` : this.texts[key];
    this.button.textContent = this.texts.retry;
    this.button.hidden = !retry;
    this.message.hidden = false;
  }

  clear() {
    this.message.hidden = true;
  }
}
