// Who sits here, and the way in: a token pasted, or a link that brings one; in an exercise without sign-in a name will do.
import { h, put, translate } from './dom';
import { onPerson, readToken, signIn, whoAmI } from './session';
import { isUkrainian, say, type Pair } from './words';

const roleWords: Record<string, Pair> = {
  viewer: ['глядач', 'viewer'], shelter_editor: ['редактор укриттів', 'shelter editor'], alarm_proposer: ['пропонує тривоги', 'alarm proposer'],
  alarm_approver: ['схвалює тривоги', 'alarm approver'], exercise_leader: ['веде навчання', 'exercise leader'], auditor: ['аудитор', 'auditor'],
};

export class SignIn {
  readonly chip = h('button', { type: 'button', class: 'person', id: 'person' });
  private readonly entry: HTMLTextAreaElement | HTMLInputElement;
  private readonly fault = h('p', { class: 'dead', role: 'alert' });
  private readonly who = h('p', { class: 'strong' });
  private readonly out = h('button', { type: 'button', onclick: () => this.leave() }, ['Вийти', 'Sign out']);
  readonly dialog: HTMLDialogElement;

  constructor(private readonly byToken: boolean) {
    this.entry = byToken
      ? h('textarea', { id: 'token', rows: 5, spellcheck: 'false', autocomplete: 'off', 'aria-label': ['Ключ доступу', 'Access token'], placeholder: 'eyJ…' })
      : h('input', { id: 'token', maxlength: 64, autocomplete: 'username', 'aria-label': ['Ваше ім’я', 'Your name'] });
    this.dialog = h('dialog', { class: 'sign-in', 'aria-labelledby': 'sign-in-title' },
      h('form', { method: 'dialog', onsubmit: (e: Event) => this.enter(e) },
        h('h2', { id: 'sign-in-title' }, ['Вхід', 'Sign in']), this.who,
        byToken
          ? h('p', {}, ['Вставте ключ доступу вашого постачальника (у навчанні — із «siren token»). Він лишається в цій вкладці.',
            'Paste your provider’s access token (in an exercise: of “siren token”). It stays in this tab.'])
          : h('p', {}, ['Це навчання без входу: назвіть себе.', 'An exercise without sign-in: say who you are.']),
        this.entry, this.fault,
        h('div', { class: 'row' }, h('button', { type: 'submit', class: 'main', id: 'enter' }, ['Увійти', 'Sign in']), this.out)));
    this.chip.addEventListener('click', () => this.open());
    onPerson(() => this.show());
    this.show();
    setInterval(() => this.show(), 5000);
  }

  open() {
    put(this.fault, '');
    if (!this.dialog.open) this.dialog.showModal();
    this.entry.focus();
  }
  private leave() { signIn(null); }
  private enter(event: Event) {
    event.preventDefault();
    const text = this.entry.value.trim();
    const person = this.byToken ? readToken(text) : text ? { name: text, roles: [], token: '', expires: Infinity } : null;
    if (!person) return put(this.fault, say(this.byToken ? ['Це не ключ доступу.', 'This is no access token.'] : ['Потрібне ім’я.', 'A name is needed.']));
    this.entry.value = '';
    this.dialog.close();
    signIn(person);
  }
  show() {
    const me = whoAmI(), late = me && me.expires < Date.now();
    const roles = [...new Set((me?.roles ?? []).map(r => r.split('/').at(-1)!))].map(r => say(roleWords[r] ?? [r, r]));
    put(this.chip, !me ? say(['Увійти', 'Sign in']) : late ? `${me.name} — ${say(['ключ застарів', 'token expired'])}` : me.name);
    this.chip.classList.toggle('late', Boolean(late));
    this.chip.title = roles.join(', ');
    const until = me && Number.isFinite(me.expires) ? ` · ${say(['до', 'until'])} ${new Date(me.expires).toLocaleTimeString(isUkrainian() ? 'uk' : 'en')}` : '';
    put(this.who, me ? `${me.name}${roles.length ? `: ${roles.join(', ')}` : ''}${until}` : '');
    this.out.hidden = !me;
    translate();
  }
}
