/** One object by its key; its EVSEs as one JSON array in their order. $1 key */
export const READ_OBJECT = {
  name: 'read_object',
  text: `
    select h.id, s.shown_last_updated as shown, h.counterpart, t.text,
           (select json_agg(e.text order by e.place) from evse e where e.head_id = h.id) as evses
      from head h join head_state s on s.head_id = h.id join object_text t on t.head_id = h.id
     where h.key = $1 and not h.deleted`,
};

/** Objects of a module by folded id, whoever owns them; of tokens, of whatever type. $1 module, $2 id */
export const FIND_OBJECTS = {
  name: 'find_objects',
  text: `select key, owner, counterpart from head where upper(sent_id) = $2 and module = $1 and not deleted`,
};
