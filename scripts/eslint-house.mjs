import fs from 'node:fs';
import path from 'node:path';

/* The rules of this house that no library has. */

const MOST_FILES = 12;
/** Files that hold the classes of others: of OCPI, of the tables. */
const CLASSES = ['dto', 'entities', 'classes'];

const kebab = (name) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

const classIsFile = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const classes = [];
    const isError = ({ superClass }) => superClass?.name?.endsWith('Error') === true;
    return {
      ':matches(ExportNamedDeclaration, ExportDefaultDeclaration) > ClassDeclaration'(node) {
        if (!isError(node)) classes.push(node);
      },
      'Program:exit'() {
        const [only, other] = classes;
        const file = path.basename(context.filename, '.ts');
        if (CLASSES.includes(file)) return;
        const names = [file, `${path.basename(path.dirname(context.filename))}-${file}`];
        if (!only || other || names.includes(kebab(only.id.name))) return;
        context.report({
          node: only,
          message: `The only class of a file bears its name: ${names.join(' or ')}.`,
        });
      },
    };
  },
};

const smallFolder = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program(node) {
      const folder = path.dirname(context.filename);
      const files = fs.readdirSync(folder).filter((name) => name.endsWith('.ts'));
      if (files.length <= MOST_FILES) return;
      const message = `A folder holds ${MOST_FILES} files at most; ${path.basename(folder)} has ${files.length}.`;
      context.report({ node, message });
    },
  }),
};

const plainProperties = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    'ObjectExpression > SpreadElement > ObjectExpression'(node) {
      context.report({
        node,
        message: 'Write plain properties: a spread of a literal hides what is merged.',
      });
    },
  }),
};

export default {
  rules: {
    'class-is-file': classIsFile,
    'small-folder': smallFolder,
    'plain-properties': plainProperties,
  },
};
