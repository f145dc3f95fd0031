/** One object by its key; its EVSEs as one JSON array in their order. $1 module, $2 owner, $3 key */
export const READ_OBJECT = {
  name: 'read_object',
  text: `
    select h.id, h.shown_last_updated as shown, h.counterpart, t.text,
           (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id) as evses
      from head h join object_text t on t.head_id = h.id
     where h.module = $1 and h.owner = $2 and h.key = $3 and not h.deleted`,
};

/** Objects of a module by key, whoever owns them. $1 module, $2 key */
export const FIND_OBJECTS = {
  name: 'find_objects',
  text: `select id, owner, counterpart from head where module = $1 and key = $2 and not deleted`,
};
