import { catalog, get, patch, post, remove } from '../api.js';
import { h, icon, put } from '../dom.js';
import { amount, count } from '../format.js';
import { table } from '../tables.js';
import { badge, confirm, dialog, empty, errorBox, field, form, heading, input, select, toast } from '../ui.js';

export async function render() {
  const models = await catalog();
  const box = h('div', { class: 'card flush' });
  async function load() {
    try {
      const all = (await get('/api/account/projects')).data;
      put(
        box,
        table(columns(models, load), all),
        all.length < 2 &&
          empty(
            'folder',
            'One project for each product or team',
            'A project has its own keys, and may have a spend cap and a list of models it may use.',
            h(
              'button',
              { type: 'button', class: 'primary', onclick: () => edit(null, models, load) },
              'Create a project',
            ),
          ),
      );
    } catch (error) {
      put(box, errorBox(error, load));
    }
  }
  await load();
  return [
    heading(
      'Projects',
      'Caps and allowlists hold for every key of a project.',
      h(
        'button',
        { type: 'button', class: 'primary', onclick: () => edit(null, models, load) },
        icon('plus'),
        'Create a project',
      ),
    ),
    box,
  ];
}

function columns(models, load) {
  return [
    { head: 'Name', cell: (project) => h('span', null, project.name, ' ', project.default && badge('default')) },
    {
      head: 'Spend cap',
      cell: (project) =>
        project.spend_cap === null
          ? 'none'
          : `${amount(project.spend_cap)} ${project.cap_period === 'month' ? 'per month' : 'in total'}`,
    },
    {
      head: 'Models',
      cell: (project) =>
        project.allowed_models === null
          ? 'all'
          : h('span', { title: project.allowed_models.join(', ') }, `${count(project.allowed_models.length)} allowed`),
    },
    {
      head: '',
      cell: (project) =>
        h(
          'span',
          { class: 'actions' },
          h('a', { class: 'button', href: `/dashboard/usage?project=${encodeURIComponent(project.id)}` }, 'Usage'),
          h(
            'button',
            {
              type: 'button',
              'aria-label': `Edit ${project.name}`,
              onclick: () => edit(project, models, load),
            },
            'Edit',
          ),
          !project.default &&
            h(
              'button',
              {
                type: 'button',
                class: 'quiet-danger',
                'aria-label': `Delete ${project.name}`,
                onclick: () => drop(project, load),
              },
              'Delete',
            ),
        ),
    },
  ];
}

function drop(project, load) {
  confirm(
    `Delete “${project.name}”?`,
    'Its keys stop working at once. Its past usage stays in your reports.',
    'Delete project',
    async () => {
      await remove(`/api/account/projects/${encodeURIComponent(project.id)}`);
      toast('Project deleted');
      await load();
    },
  );
}

function edit(project, models, load) {
  const picker = modelPicker(models, project?.allowed_models ?? null);
  dialog(
    project ? `Edit “${project.name}”` : 'Create a project',
    (close) =>
      form(
        async (values) => {
          const body = { name: values.get('name') };
          if (!project?.default) {
            body.spend_cap = values.get('spend_cap').trim() || null;
            if (body.spend_cap !== null) {
              body.cap_period = values.get('cap_period');
            }
            body.allowed_models = picker.chosen();
          }
          await (project
            ? patch(`/api/account/projects/${encodeURIComponent(project.id)}`, body)
            : post('/api/account/projects', body));
          close();
          toast(project ? 'Project saved' : 'Project created');
          await load();
        },
        [
          field('Name', input('name', { required: true, maxlength: 200, value: project?.name ?? '' })),
          project?.default
            ? h('p', { class: 'muted' }, 'The default project has neither a cap nor an allowlist.')
            : [
                h(
                  'div',
                  { class: 'two tight' },
                  field(
                    'Spend cap',
                    input('spend_cap', {
                      inputmode: 'decimal',
                      placeholder: 'No cap',
                      value: project?.spend_cap ?? '',
                    }),
                    'In credits. Calls beyond it are refused.',
                  ),
                  field(
                    'Period',
                    select(
                      'cap_period',
                      [
                        ['month', 'Each month (UTC)'],
                        ['total', 'In total'],
                      ],
                      project?.cap_period,
                    ),
                  ),
                ),
                picker.element,
              ],
        ],
        project ? 'Save' : 'Create project',
        { cancel: h('button', { type: 'button', onclick: close }, 'Cancel') },
      ),
    { wide: true },
  );
}

/** All models, or those that are ticked. */
function modelPicker(all, allowed) {
  const isAllowed = (model) => allowed?.includes(model.id) ?? false;
  const models = [...all].sort((a, b) => Number(isAllowed(b)) - Number(isAllowed(a)));
  const boxes = models.map((model) =>
    h('input', { type: 'checkbox', value: model.id, checked: isAllowed(model) }),
  );
  const rows = models.map((model, at) => h('label', { class: 'choice' }, boxes[at], h('span', null, model.id)));
  const only = h('input', {
    type: 'checkbox',
    checked: allowed !== null,
    onchange: () => {
      list.hidden = !only.checked;
    },
  });
  const search = h('input', {
    type: 'search',
    placeholder: 'Search models',
    'aria-label': 'Search models',
    oninput: () =>
      rows.forEach((row, at) => {
        row.hidden = !models[at].id.includes(search.value.toLowerCase());
      }),
  });
  const list = h(
    'div',
    { class: 'picker', hidden: allowed === null },
    search,
    h('div', { class: 'picker-list' }, rows),
  );
  const element = h(
    'div',
    { class: 'field', 'data-name': 'allowed_models' },
    h('label', { class: 'choice' }, only, h('span', null, 'Allow only certain models')),
    list,
    h('p', { class: 'field-error' }),
  );
  return { element, chosen: () => (only.checked ? boxes.filter((one) => one.checked).map((one) => one.value) : null) };
}
