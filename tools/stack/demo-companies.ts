/** A company of the demo with all that happens to it. Days count from the load; telephone numbers and domains are fictitious ones. */
export interface DemoCompany {
  readonly name: string;
  readonly city: string;
  readonly postalCode: string;
  readonly street: string;
  readonly phone: string;
  readonly domain: string;
  readonly industry: string;
  /** Who enters it and works on it. */
  readonly by: 'ida' | 'ingo';
  readonly status?: 'prospect' | 'customer' | 'inactive';
  readonly orgKind?: 'supplier' | 'consultant' | 'engineering_firm';
  readonly contacts?: readonly DemoContact[];
  readonly steps?: readonly DemoStep[];
}

export interface DemoContact {
  readonly name: string;
  readonly title: string;
  readonly decides?: string;
}

export type DemoStep =
  | {
      readonly kind: 'activity';
      readonly type: 'CALL' | 'EMAIL' | 'MEETING' | 'NOTE' | 'RESEARCH';
      readonly direction?: 'INBOUND' | 'OUTBOUND';
      readonly outcome?: string;
      readonly subject: string;
      readonly notes?: string;
      readonly minutes?: number;
      /** By its place in the list of contacts. */
      readonly contact?: number;
      readonly daysAgo?: number;
      readonly followUpInDays?: number;
    }
  | { readonly kind: 'task'; readonly type: string; readonly title: string; readonly queue: string; readonly dueInDays: number; readonly priority?: string }
  | { readonly kind: 'done'; readonly type: string; readonly by: string; readonly result: string }
  | { readonly kind: 'qualify' }
  | { readonly kind: 'disqualify' | 'dormant'; readonly reason: string; readonly note?: string; readonly followUpInDays?: number }
  | { readonly kind: 'accept' }
  | { readonly kind: 'win' }
  | { readonly kind: 'lose' | 'return'; readonly reason: string };

const call = (subject: string, outcome: string, more: Partial<Extract<DemoStep, { kind: 'activity' }>> = {}): DemoStep => ({
  kind: 'activity', type: 'CALL', direction: 'OUTBOUND', outcome, subject, minutes: 8, ...more,
});
const email = (subject: string, outcome: string, more: Partial<Extract<DemoStep, { kind: 'activity' }>> = {}): DemoStep => ({
  kind: 'activity', type: 'EMAIL', direction: 'OUTBOUND', outcome, subject, ...more,
});
const dataChecked: DemoStep = { kind: 'done', type: 'OPS_DATA_CHECK', by: 'olga', result: 'Stammdaten geprüft, keine Dublette.' };
const contactPoints: DemoStep = { kind: 'done', type: 'ADD_CONTACT_POINTS', by: 'olga', result: 'Telefon und Webseite ergänzt.' };

export const demoCompanies: readonly DemoCompany[] = [
  {
    name: 'Albrecht Fördertechnik GmbH', street: 'Industriestraße 14', postalCode: '44793', city: 'Bochum', phone: '+49 234 5550101',
    domain: 'albrecht-foerdertechnik.example', industry: 'Maschinenbau', by: 'ida',
    contacts: [{ name: 'Sabine Albrecht', title: 'Geschäftsführerin', decides: 'Budget' }, { name: 'Jörg Tillmann', title: 'Leiter Technik' }],
    steps: [call('Erstkontakt', 'REACHED_GATEKEEPER', { followUpInDays: 1, notes: 'Frau Albrecht ist ab morgen wieder im Haus.' })],
  },
  {
    name: 'Bergmann Präzisionsteile AG', street: 'Am Hammerwerk 3', postalCode: '57072', city: 'Siegen', phone: '+49 271 5550102',
    domain: 'bergmann-praezision.example', industry: 'Metallverarbeitung', by: 'ingo',
    contacts: [{ name: 'Dr. Frank Bergmann', title: 'Vorstand', decides: 'Budget und Auswahl' }],
    steps: [dataChecked, contactPoints],
  },
  {
    name: 'Christiansen Schiffsausrüstung KG', street: 'Fischereihafen 22', postalCode: '27572', city: 'Bremerhaven', phone: '+49 471 5550103',
    domain: 'christiansen-ausruestung.example', industry: 'Schiffbau', by: 'ida',
    contacts: [{ name: 'Maike Christiansen', title: 'Einkaufsleiterin', decides: 'Lieferantenauswahl' }],
    steps: [
      call('Bedarf Ersatzteillogistik', 'REACHED_DECISION_MAKER', { contact: 0, followUpInDays: 3, minutes: 17 }),
      dataChecked,
      { kind: 'qualify' },
    ],
  },
  {
    name: 'Dornbusch Verpackungen GmbH', street: 'Lohmühlenweg 8', postalCode: '33602', city: 'Bielefeld', phone: '+49 521 5550104',
    domain: 'dornbusch-verpackungen.example', industry: 'Verpackung', by: 'ingo',
    contacts: [{ name: 'Petra Nolte', title: 'Leiterin Logistik' }],
    steps: [email('Vorstellung und Terminvorschlag', 'SENT', { contact: 0, followUpInDays: 2 })],
  },
  {
    name: 'Eichhorn & Söhne Holzwerke', street: 'Sägewerkstraße 1', postalCode: '87435', city: 'Kempten', phone: '+49 831 5550105',
    domain: 'eichhorn-holz.example', industry: 'Holzverarbeitung', by: 'ida',
    steps: [
      call('Erstkontakt', 'NOT_INTERESTED', { notes: 'Kein Bedarf, Maschinenpark eben erst erneuert.' }),
      { kind: 'disqualify', reason: 'NO_FIT' },
    ],
  },
  {
    name: 'Feldkamp Landtechnik GmbH & Co. KG', street: 'Hofstraße 40', postalCode: '49377', city: 'Vechta', phone: '+49 4441 555106',
    domain: 'feldkamp-landtechnik.example', industry: 'Landtechnik', by: 'ingo',
    contacts: [{ name: 'Heiner Feldkamp', title: 'Inhaber', decides: 'alles' }],
    steps: [
      call('Bedarf vor der Ernte', 'REACHED_DECISION_MAKER', { contact: 0, followUpInDays: 4, minutes: 22 }),
      dataChecked,
      { kind: 'qualify' },
      { kind: 'accept' },
    ],
  },
  {
    name: 'Grothe Kunststofftechnik GmbH', street: 'Gewerbering 9', postalCode: '07747', city: 'Jena', phone: '+49 3641 555107',
    domain: 'grothe-kunststoff.example', industry: 'Kunststoff', by: 'ida',
    contacts: [{ name: 'Kathrin Grothe', title: 'Prokuristin' }],
    steps: [
      call('Investitionsplanung', 'REACHED_DECISION_MAKER', { contact: 0, notes: 'Budget erst im nächsten Geschäftsjahr.' }),
      { kind: 'dormant', reason: 'BUDGET_LATER', followUpInDays: 90 },
    ],
  },
  {
    name: 'Hanseatische Kaffeerösterei Ohlsen', street: 'Speicherstadt 5', postalCode: '20457', city: 'Hamburg', phone: '+49 40 66969108',
    domain: 'ohlsen-kaffee.example', industry: 'Lebensmittel', by: 'ingo', status: 'customer',
    contacts: [{ name: 'Nils Ohlsen', title: 'Geschäftsführer', decides: 'Budget' }],
    steps: [
      { kind: 'activity', type: 'MEETING', outcome: 'HELD', subject: 'Jahresgespräch', minutes: 60, contact: 0, daysAgo: 12 },
      call('Nachfrage zum Servicevertrag', 'CALL_BACK_REQUESTED', { direction: 'INBOUND', contact: 0, followUpInDays: 1 }),
    ],
  },
  {
    name: 'Ingenieurbüro Jansen + Partner', street: 'Rheinallee 77', postalCode: '55118', city: 'Mainz', phone: '+49 6131 555109',
    domain: 'jansen-partner.example', industry: 'Anlagenplanung', by: 'ida', orgKind: 'engineering_firm',
    contacts: [{ name: 'Dipl.-Ing. Ruth Jansen', title: 'Partnerin' }],
    steps: [{ kind: 'activity', type: 'RESEARCH', outcome: 'FACTS_FOUND', subject: 'Referenzen und laufende Projekte', notes: 'Plant Werkserweiterungen für drei Zulieferer.' }],
  },
  {
    name: 'Kaltenbach Kühlsysteme GmbH', street: 'Eiswerkstraße 12', postalCode: '79108', city: 'Freiburg im Breisgau', phone: '+49 761 5550110',
    domain: 'kaltenbach-kuehlung.example', industry: 'Kältetechnik', by: 'ingo',
    contacts: [{ name: 'Markus Kaltenbach', title: 'Geschäftsführer', decides: 'Budget' }, { name: 'Elif Demir', title: 'Leiterin Einkauf', decides: 'Lieferantenauswahl' }],
    steps: [
      email('Unterlagen Wärmerückgewinnung', 'REPLIED', { contact: 1 }),
      call('Rückfragen zu den Unterlagen', 'REACHED_DECISION_MAKER', { contact: 1, followUpInDays: 2, minutes: 14 }),
      dataChecked,
      { kind: 'qualify' },
      { kind: 'accept' },
      { kind: 'win' },
    ],
  },
  {
    name: 'Lindemann Medizintechnik GmbH', street: 'Carl-Zeiss-Ring 18', postalCode: '37081', city: 'Göttingen', phone: '+49 551 5550111',
    domain: 'lindemann-medizintechnik.example', industry: 'Medizintechnik', by: 'ida', status: 'prospect',
    contacts: [{ name: 'Dr. Anja Lindemann', title: 'Geschäftsführerin', decides: 'Budget' }],
    steps: [{ kind: 'activity', type: 'MEETING', outcome: 'HELD', subject: 'Messegespräch', minutes: 30, contact: 0, daysAgo: 5, followUpInDays: 5 }],
  },
  {
    name: 'Märkische Ziegelwerke AG', street: 'Tonstraße 2', postalCode: '14776', city: 'Brandenburg an der Havel', phone: '+49 3381 555112',
    domain: 'maerkische-ziegel.example', industry: 'Baustoffe', by: 'ingo',
    contacts: [{ name: 'Uwe Paschke', title: 'Werkleiter' }],
    steps: [call('Erstkontakt', 'NO_ANSWER'), call('Zweiter Versuch', 'LEFT_VOICEMAIL', { contact: 0, followUpInDays: 2 })],
  },
  {
    name: 'Neumann Elektrobau GmbH', street: 'Stromweg 6', postalCode: '01067', city: 'Dresden', phone: '+49 351 5550113',
    domain: 'neumann-elektrobau.example', industry: 'Elektrotechnik', by: 'ida',
    contacts: [{ name: 'Thomas Neumann', title: 'Geschäftsführer', decides: 'Budget' }],
    steps: [
      call('Bedarf Schaltschrankbau', 'REACHED_DECISION_MAKER', { contact: 0, followUpInDays: 6 }),
      { kind: 'qualify' },
      { kind: 'accept' },
      { kind: 'lose', reason: 'LOST_PRICE' },
    ],
  },
  {
    name: 'Oberland Molkerei eG', street: 'Alpenstraße 31', postalCode: '83646', city: 'Bad Tölz', phone: '+49 8041 555114',
    domain: 'oberland-molkerei.example', industry: 'Lebensmittel', by: 'ingo',
    contacts: [{ name: 'Theresa Huber', title: 'Technische Leiterin' }],
    steps: [{ kind: 'task', type: 'GENERAL', title: 'Ansprechpartner für Energiefragen erfragen', queue: 'INSIDE_SALES', dueInDays: -2, priority: 'HIGH' }],
  },
  {
    name: 'Pfeiffer Werkzeugbau GmbH', street: 'Drehergasse 4', postalCode: '73430', city: 'Aalen', phone: '+49 7361 555115',
    domain: 'pfeiffer-werkzeugbau.example', industry: 'Werkzeugbau', by: 'ida',
    contacts: [{ name: 'Matthias Pfeiffer', title: 'Inhaber', decides: 'alles' }],
    steps: [
      call('Bedarf Spannmittel', 'REACHED_DECISION_MAKER', { contact: 0, followUpInDays: 5 }),
      { kind: 'qualify' },
      { kind: 'accept' },
      { kind: 'return', reason: 'DATA_INCOMPLETE' },
    ],
  },
  {
    name: 'Quadrat Messebau GmbH', street: 'Messeplatz 10', postalCode: '50679', city: 'Köln', phone: '+49 221 4710116',
    domain: 'quadrat-messebau.example', industry: 'Messebau', by: 'ingo', orgKind: 'supplier',
    contacts: [{ name: 'Svenja Krüger', title: 'Projektleiterin' }],
  },
  {
    name: 'Rosenthal Textilveredelung GmbH', street: 'Webereistraße 15', postalCode: '09111', city: 'Chemnitz', phone: '+49 371 5550117',
    domain: 'rosenthal-textil.example', industry: 'Textil', by: 'ida', status: 'inactive',
    contacts: [{ name: 'Gisela Rosenthal', title: 'Geschäftsführerin' }],
    steps: [{ kind: 'activity', type: 'NOTE', subject: 'Produktion ruht bis zum Umzug', notes: 'Im Frühjahr erneut ansprechen.', followUpInDays: 120 }],
  },
  {
    name: 'Schwarzwald Uhrenmanufaktur Kern', street: 'Glockengasse 7', postalCode: '78120', city: 'Furtwangen', phone: '+49 7723 555118',
    domain: 'kern-uhren.example', industry: 'Feinmechanik', by: 'ingo',
    steps: [
      { kind: 'activity', type: 'RESEARCH', outcome: 'FACTS_FOUND', subject: 'Handelsregister', notes: 'Betrieb zum Jahresende eingestellt.' },
      { kind: 'disqualify', reason: 'OUT_OF_BUSINESS' },
    ],
  },
  {
    name: 'Teutoburger Möbelwerke GmbH', street: 'Eggeweg 50', postalCode: '32756', city: 'Detmold', phone: '+49 5231 555119',
    domain: 'teutoburger-moebel.example', industry: 'Möbel', by: 'ida',
    contacts: [{ name: 'Carsten Brandt', title: 'Leiter Produktion' }],
    steps: [dataChecked],
  },
  {
    name: 'Uhlenhorst Logistik GmbH', street: 'Containerstraße 3', postalCode: '21129', city: 'Hamburg', phone: '+49 40 66969120',
    domain: 'uhlenhorst-logistik.example', industry: 'Logistik', by: 'ingo', status: 'customer',
    contacts: [{ name: 'Deniz Yılmaz', title: 'Niederlassungsleiter', decides: 'Auswahl' }],
    steps: [{ kind: 'task', type: 'GENERAL', title: 'Rahmenvertrag zur Verlängerung vorlegen', queue: 'CUSTOMER_INBOUND', dueInDays: 3 }],
  },
  {
    name: 'Vogtland Metallguss GmbH', street: 'Gießereistraße 11', postalCode: '08523', city: 'Plauen', phone: '+49 3741 555121',
    domain: 'vogtland-guss.example', industry: 'Gießerei', by: 'ida',
    contacts: [{ name: 'Ronny Seidel', title: 'Einkäufer' }],
    steps: [
      call('Ausschreibung Gussteile', 'CALL_BACK_REQUESTED', { contact: 0, followUpInDays: 1 }),
      { kind: 'task', type: 'GENERAL', title: 'Ausschreibungsunterlagen anfordern', queue: 'SALES_OPS', dueInDays: -1 },
    ],
  },
  {
    name: 'Weserbergland Mühlenbetriebe', street: 'Mühlenstieg 2', postalCode: '31785', city: 'Hameln', phone: '+49 5151 555122',
    domain: 'weserbergland-muehlen.example', industry: 'Lebensmittel', by: 'ingo',
    contacts: [{ name: 'Friederike Lange', title: 'Geschäftsführerin', decides: 'Budget' }],
    steps: [
      call('Bedarf Siloanlage', 'REACHED_DECISION_MAKER', { contact: 0, followUpInDays: 3, minutes: 19 }),
      dataChecked,
      contactPoints,
      { kind: 'qualify' },
    ],
  },
  {
    name: 'Xanten Glastechnik GmbH', street: 'Römerstraße 88', postalCode: '46509', city: 'Xanten', phone: '+49 2801 555123',
    domain: 'xanten-glas.example', industry: 'Glas', by: 'ida', status: 'prospect',
    contacts: [{ name: 'Birgit van Laak', title: 'Prokuristin' }],
    steps: [{ kind: 'accept' }],
  },
  {
    name: 'Beratungshaus Ysenburg', street: 'Schlossplatz 1', postalCode: '63654', city: 'Büdingen', phone: '+49 6042 555124',
    domain: 'ysenburg-beratung.example', industry: 'Unternehmensberatung', by: 'ingo', orgKind: 'consultant',
  },
  {
    name: 'Zimmermann Dachsysteme GmbH', street: 'Firstweg 20', postalCode: '90411', city: 'Nürnberg', phone: '+49 911 5550125',
    domain: 'zimmermann-dach.example', industry: 'Bauzulieferer', by: 'ida',
    contacts: [{ name: 'Alexander Zimmermann', title: 'Inhaber', decides: 'alles' }],
  },
];
