import type { Contacts } from '../store/contacts';
import type { Database } from '../store/data-source';
import { reportContacts, type ContactReport } from '../store/sql/contacts';

export type { ContactReport } from '../store/sql/contacts';

/** When these partners last called and were last reached, as all processes saw it; of this one everything is in it. */
export async function contactsOf(
  context: { contacts: Contacts; database: Database },
  partners: readonly string[],
): Promise<Map<string, ContactReport>> {
  await context.contacts.save(true);
  return reportContacts(context.database.pool, partners);
}
