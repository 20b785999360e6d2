
CREATE TABLE public.accounts (
    id character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    organisation character varying(200) NOT NULL,
    role character varying(40) NOT NULL,
    jurisdictions text NOT NULL,
    groups text NOT NULL,
    client_of text NOT NULL,
    language character varying(10) NOT NULL,
    password character varying(300) NOT NULL,
    disabled boolean NOT NULL,
    created bigint NOT NULL
);

CREATE TABLE public.acts (
    number bigint NOT NULL,
    at bigint NOT NULL,
    account character varying(32),
    organisation character varying(200) NOT NULL,
    verb character varying(40) NOT NULL,
    object character varying(250) NOT NULL,
    version integer,
    reason text NOT NULL,
    detail text NOT NULL
);

CREATE SEQUENCE public.acts_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.acts_number_seq OWNED BY public.acts.number;

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.audiences (
    number bigint NOT NULL,
    digest character varying(64) NOT NULL,
    markings text NOT NULL
);

CREATE SEQUENCE public.audiences_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.audiences_number_seq OWNED BY public.audiences.number;

CREATE TABLE public.audit_checkpoints (
    size bigint NOT NULL,
    note text NOT NULL
);

CREATE TABLE public.audit_head (
    id integer NOT NULL,
    size bigint NOT NULL
);

CREATE TABLE public.audit_identities (
    event character varying(32) NOT NULL,
    subject character varying NOT NULL,
    about character varying NOT NULL,
    key bytea NOT NULL,
    said bytea NOT NULL
);

CREATE TABLE public.audit_log (
    "position" bigint NOT NULL,
    event character varying(32) NOT NULL,
    leaf bytea NOT NULL
);

CREATE TABLE public.audit_outbox (
    id bigint NOT NULL,
    event character varying(32) NOT NULL,
    leaf bytea NOT NULL
);

CREATE SEQUENCE public.audit_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.audit_outbox_id_seq OWNED BY public.audit_outbox.id;

CREATE TABLE public.audit_tiles (
    level integer NOT NULL,
    "position" bigint NOT NULL,
    hashes bytea NOT NULL
);

CREATE TABLE public.collections (
    sha256 character varying(64) NOT NULL,
    audience bigint NOT NULL,
    made bigint NOT NULL
);

CREATE TABLE public.handling (
    object character varying(250) NOT NULL,
    organisation character varying(200) NOT NULL,
    version integer NOT NULL,
    state character varying(20) NOT NULL,
    assignee character varying(32),
    acknowledged bigint,
    escalated bigint,
    note text NOT NULL
);

CREATE TABLE public.invitations (
    digest character varying(64) NOT NULL,
    organisation character varying(200) NOT NULL,
    role character varying(40) NOT NULL,
    jurisdictions text NOT NULL,
    groups text NOT NULL,
    client_of text NOT NULL,
    created bigint NOT NULL,
    expires bigint NOT NULL,
    used boolean NOT NULL
);

CREATE TABLE public.neighbour_cursors (
    neighbour character varying(200) NOT NULL,
    place character varying(40) NOT NULL
);

CREATE TABLE public.neighbour_given (
    neighbour character varying(200) NOT NULL,
    id character varying(250) NOT NULL
);

CREATE TABLE public.neighbour_statements (
    id character varying(250) NOT NULL,
    origin character varying(200) NOT NULL,
    version integer NOT NULL,
    head text NOT NULL,
    body bytea NOT NULL,
    body_digest character varying(64) NOT NULL,
    deleted boolean NOT NULL,
    parent character varying(250),
    made_of character varying(100) NOT NULL,
    place bigint NOT NULL
);

CREATE TABLE public.objects (
    number bigint NOT NULL,
    id character varying(250) NOT NULL,
    version integer NOT NULL,
    newest boolean NOT NULL,
    type character varying(60) NOT NULL,
    owner character varying(200) NOT NULL,
    jurisdiction character varying(20) NOT NULL,
    audience bigint NOT NULL,
    parent character varying(250),
    origin character varying(250) NOT NULL,
    created bigint NOT NULL,
    modified bigint NOT NULL,
    date_added bigint NOT NULL,
    media_type character varying(100) NOT NULL,
    payload bytea NOT NULL,
    digest character varying(64) NOT NULL,
    deleted boolean NOT NULL
);

CREATE SEQUENCE public.objects_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.objects_number_seq OWNED BY public.objects.number;

CREATE TABLE public.reports (
    object character varying(250) NOT NULL,
    key_digest character varying(64) NOT NULL,
    organisation character varying(200) NOT NULL,
    account character varying(32)
);

CREATE TABLE public.sessions (
    digest character varying(64) NOT NULL,
    account character varying(32) NOT NULL,
    csrf character varying(64) NOT NULL,
    created bigint NOT NULL,
    expires bigint NOT NULL,
    revoked boolean NOT NULL
);

CREATE TABLE public.submissions (
    digest character varying(64) NOT NULL,
    object character varying(250) NOT NULL,
    content character varying(64) NOT NULL,
    branch character varying(64) NOT NULL,
    place integer NOT NULL,
    trunk integer NOT NULL,
    state character varying(20) NOT NULL,
    version integer,
    body bytea,
    received bigint NOT NULL
);

CREATE TABLE public.tokens (
    id character varying(32) NOT NULL,
    account character varying(32) NOT NULL,
    digest character varying(64) NOT NULL,
    scopes text NOT NULL,
    label character varying(200) NOT NULL,
    created bigint NOT NULL,
    expires bigint NOT NULL,
    revoked boolean NOT NULL
);

CREATE TABLE public.webhook_deliveries (
    id character varying(64) NOT NULL,
    hook character varying(32) NOT NULL,
    "row" bigint NOT NULL,
    tries integer NOT NULL,
    due bigint NOT NULL,
    state character varying(20) NOT NULL
);

CREATE TABLE public.webhooks (
    id character varying(32) NOT NULL,
    account character varying(200) NOT NULL,
    url text NOT NULL,
    secret character varying(100) NOT NULL,
    place bigint NOT NULL
);

ALTER TABLE ONLY public.acts ALTER COLUMN number SET DEFAULT nextval('public.acts_number_seq'::regclass);

ALTER TABLE ONLY public.audiences ALTER COLUMN number SET DEFAULT nextval('public.audiences_number_seq'::regclass);

ALTER TABLE ONLY public.audit_outbox ALTER COLUMN id SET DEFAULT nextval('public.audit_outbox_id_seq'::regclass);

ALTER TABLE ONLY public.objects ALTER COLUMN number SET DEFAULT nextval('public.objects_number_seq'::regclass);

INSERT INTO public.accounts VALUES ('357101aff3e702cc54948cce40dfc3d5', 'Ama', 'Health', 'analyst', '[]', '[]', '[]', 'en', '$argon2id$v=19$m=8,t=1,p=1$HiP63+eyGlIdMlGnxjZfYQ$4FBqafCbWvCGuNmVmdExvQesOoOtB9zrqIiXsOb+N5A', false, 1795680000000000);
INSERT INTO public.accounts VALUES ('3b70ae74c9357af27c2f0bb67c848a87', 'Ben', 'Elsewhere', 'partner', '[]', '[]', '[]', 'en', '$argon2id$v=19$m=8,t=1,p=1$T674nUur7JGQmtId9+IMkg$Te46/wAAF+AN0jirM9F8RsJAs9hrn7Z4oBvOC/N/JGQ', false, 1795680000000000);

INSERT INTO public.acts VALUES (1, 1795680001000000, '357101aff3e702cc54948cce40dfc3d5', 'Health', 'write', 'note--053d5e27-9b76-49d9-ab51-7848d59bdf56', 1, '', '');

INSERT INTO public.alembic_version VALUES ('1');

INSERT INTO public.audiences VALUES (1, 'f3847e116b5c6735df3d90583dbf3801d57178d1d12ba14e3746a221bee174c7', '[{"level": "GREEN", "owner": "Health"}]');
INSERT INTO public.audiences VALUES (2, 'e393b9c01c5c387fe68d5a2634fa908ff33e84e53c88686d05ddc406fec4e0b1', '[{"level": "AMBER", "owner": "Health"}]');

INSERT INTO public.audit_checkpoints VALUES (1, 'health
1
XcagaK5P4UvGjr8/tY+THGL5v6ZnD3f73ZlokNLsNiU=

— health PHzLpshuktsxhTgXpsK3c0xubKBgKYMrKOOoh/MghQiLWy792Roymf1Eb6DiSu+gP6EzboTFAoFUgmsjEQotShg1Zwc=
');

INSERT INTO public.audit_head VALUES (1, 1);

INSERT INTO public.audit_identities VALUES ('01a216de5be8c913e965667ee4dfbd1d', '357101aff3e702cc54948cce40dfc3d5', 'note--053d5e27-9b76-49d9-ab51-7848d59bdf56', '\xe85aab07edbe8330a3b48659e0cdf9df993d0233c5ef4a3a70ec62e3fe6a15fb', '\x7b2261626f7574223a226e6f74652d2d30353364356532372d396237362d343964392d616235312d373834386435396264663536222c2273616964223a7b2276657273696f6e223a317d2c227375626a656374223a223335373130316166663365373032636335343934386363653430646663336435227d');

INSERT INTO public.audit_log VALUES (0, '01a216de5be8c913e965667ee4dfbd1d', '\x7b22616374223a227772697465222c226174223a22323032362d31312d32365430383a30303a30312e3030303030305a222c22636f6d6d69746d656e74223a2264393138363438363163633637313132626238663761636636383735376630386462643963643435363765333932393539353962633232633231343632386262222c226576656e74223a223031613231366465356265386339313365393635363637656534646662643164222c227075626c6963223a7b7d7d');

INSERT INTO public.audit_tiles VALUES (0, 0, '\x5dc6a068ae4fe14bc68ebf3fb58f931c62f9bfa6670f77fbdd996890d2ec3625');

INSERT INTO public.neighbour_cursors VALUES ('south', '17');

INSERT INTO public.neighbour_given VALUES ('Ben', 'warning--0');
INSERT INTO public.neighbour_given VALUES ('Ben', 'warning--1');
INSERT INTO public.neighbour_given VALUES ('Ben', 'warning--2');

INSERT INTO public.neighbour_statements VALUES ('warning--0', 'health', 1, '{"body":"a03ffaa06d22f0ae6bd2d5675f668edf59b4c3a1077e5039f466063ddea6b31b","deleted":false,"id":"warning--0","origin":"health","version":1}

— health PHzLpqco3pyKsU+W7GayhmfDbr0uCkuese3jaihgUAq20STYuelMKK6tlnWRrnfHIpZ+/lGbB3eYM8sTFNFc+TX8fQg=
', '\x7b2261756469656e6365223a5b7b226c6576656c223a22475245454e222c226f776e6572223a224865616c7468227d5d2c226368616e6365223a226461653966343831393032343366376164383837333637633864396432613864222c2263726561746564223a2231373935363830303031303030303030222c226a7572697364696374696f6e223a22222c226d656469615f74797065223a226170706c69636174696f6e2f6a736f6e222c226d6f646966696564223a2231373935363830303031303030303030222c226f776e6572223a224865616c7468222c22706172656e74223a6e756c6c2c227061796c6f6164223a2265794a75496a6f674d48303d222c2274797065223a227761726e696e67227d', 'a03ffaa06d22f0ae6bd2d5675f668edf59b4c3a1077e5039f466063ddea6b31b', false, NULL, '1/1', 1795680001000000);
INSERT INTO public.neighbour_statements VALUES ('warning--1', 'health', 1, '{"body":"795a5988d94373ec46cebb6e722c822c93b32dbe2bf072ecb1e268d435bbe8df","deleted":false,"id":"warning--1","origin":"health","version":1}

— health PHzLpsgn99sXD8sDh7n3x7DZW+w/dFOhh9MhRjCgCEOuIFKYyiWrcQWcPIFfen6f6J4SXNzMA9NBtu+Si7I78GxFUg4=
', '\x7b2261756469656e6365223a5b7b226c6576656c223a22475245454e222c226f776e6572223a224865616c7468227d5d2c226368616e6365223a223237303139653565396266386465616439383166663538653731393733663234222c2263726561746564223a2231373935363830303031303030303030222c226a7572697364696374696f6e223a22222c226d656469615f74797065223a226170706c69636174696f6e2f6a736f6e222c226d6f646966696564223a2231373935363830303031303030303030222c226f776e6572223a224865616c7468222c22706172656e74223a6e756c6c2c227061796c6f6164223a2265794a75496a6f674d58303d222c2274797065223a227761726e696e67227d', '795a5988d94373ec46cebb6e722c822c93b32dbe2bf072ecb1e268d435bbe8df', false, NULL, '2/1', 1795680001000244);
INSERT INTO public.neighbour_statements VALUES ('warning--2', 'health', 1, '{"body":"cb57e6051aff64a1f87cdb2a28cfd8b85330704031087e48ac8e2d3778306de8","deleted":false,"id":"warning--2","origin":"health","version":1}

— health PHzLpp31ES4COYUYYCu/IOV/Zh43ZmMrBDL88joAkqioUDbgxBHNlHVHp95emCxLXLH4+wTYWAzrrGjuvRjUen01Sg4=
', '\x7b2261756469656e6365223a5b7b226c6576656c223a22475245454e222c226f776e6572223a224865616c7468227d5d2c226368616e6365223a226263373631323061373161626330383032323561353034316534323533656536222c2263726561746564223a2231373935363830303031303030303030222c226a7572697364696374696f6e223a22222c226d656469615f74797065223a226170706c69636174696f6e2f6a736f6e222c226d6f646966696564223a2231373935363830303031303030303030222c226f776e6572223a224865616c7468222c22706172656e74223a6e756c6c2c227061796c6f6164223a2265794a75496a6f674d6e303d222c2274797065223a227761726e696e67227d', 'cb57e6051aff64a1f87cdb2a28cfd8b85330704031087e48ac8e2d3778306de8', false, NULL, '3/1', 1795680001000574);
INSERT INTO public.neighbour_statements VALUES ('note--053d5e27-9b76-49d9-ab51-7848d59bdf56', 'health', 1, '{"body":"b622d8f8e92a6ce2298fe52a32fc3416faef9dd3ac14287d298e478b2f826d5c","deleted":false,"id":"note--053d5e27-9b76-49d9-ab51-7848d59bdf56","origin":"health","version":1}

— health PHzLph7pC7U95XvnWdg7FdLsRblFQ6hx31glaEuKE6TwQfQSXM1a+9u47vtybhAwnICkVIhW6K2D5ncSnP7Mh40ipwY=
', '\x7b2261756469656e6365223a5b7b226c6576656c223a22414d424552222c226f776e6572223a224865616c7468227d5d2c226368616e6365223a226462353736373535616562356236323133363633336134636332633830333235222c2263726561746564223a2231373935363830303031303030303030222c226a7572697364696374696f6e223a22222c226d656469615f74797065223a226170706c69636174696f6e2f6a736f6e222c226d6f646966696564223a2231373935363830303031303030303030222c226f776e6572223a224865616c7468222c22706172656e74223a6e756c6c2c227061796c6f6164223a226533303d222c2274797065223a226e6f7465227d', 'b622d8f8e92a6ce2298fe52a32fc3416faef9dd3ac14287d298e478b2f826d5c', false, NULL, '4/2', 1795680001000848);

INSERT INTO public.objects VALUES (1, 'warning--0', 1, true, 'warning', 'Health', '', 1, NULL, '', 1795680001000000, 1795680001000000, 1795680001000000, 'application/json', '\x7b226e223a20307d', '3a7596abc0fb02ee1c4e406fd2004f507eac5f2dcfe27ea91d649e5a097d7541', false);
INSERT INTO public.objects VALUES (2, 'warning--1', 1, true, 'warning', 'Health', '', 1, NULL, '', 1795680001000000, 1795680001000000, 1795680001000808, 'application/json', '\x7b226e223a20317d', 'e5d5f7c1d225fd6b13623ebb1b5b9d075c705659f81868b1e37005a0923b0346', false);
INSERT INTO public.objects VALUES (3, 'warning--2', 1, true, 'warning', 'Health', '', 1, NULL, '', 1795680001000000, 1795680001000000, 1795680001000824, 'application/json', '\x7b226e223a20327d', 'fcb7ecf22a686fde527cafa2dd308d1c321ff6d1baddedf24668afbba85a7d64', false);
INSERT INTO public.objects VALUES (4, 'note--053d5e27-9b76-49d9-ab51-7848d59bdf56', 1, true, 'note', 'Health', '', 2, NULL, '', 1795680001000000, 1795680001000000, 1795680001001556, 'application/json', '\x7b7d', '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', false);

INSERT INTO public.tokens VALUES ('6789c69bf15ab4c4', '357101aff3e702cc54948cce40dfc3d5', '1a24a72b052b8479bf533557fd9f56cd4cfd6c455d1413cbb12f7c7d98fee79a', '["delete", "handle", "manage", "mark", "operate", "oversee", "propose", "read", "release", "report", "write"]', '', 1795680001000000, 1803456001000000, false);

INSERT INTO public.webhook_deliveries VALUES ('msg_27b29d5c3de11665f69b10697a3940b3', 'eed555f27622de566fdbbc7ef8d1cf4d', 1, 0, 1795680001000000, 'waiting');
INSERT INTO public.webhook_deliveries VALUES ('msg_d1c9deb1c50fbebac6c80958d870aedb', 'eed555f27622de566fdbbc7ef8d1cf4d', 2, 0, 1795680001000000, 'waiting');
INSERT INTO public.webhook_deliveries VALUES ('msg_a6a908830bd9d3af568eda8b484c1313', 'eed555f27622de566fdbbc7ef8d1cf4d', 3, 0, 1795680001000000, 'waiting');

INSERT INTO public.webhooks VALUES ('eed555f27622de566fdbbc7ef8d1cf4d', 'Ben', 'https://b.example/hook', 'whsec_rb7L28J249kq4ow7F2H7Ot5AXVx2mn6lu5Yd8y1Qvbk=', 1795680001000824);

SELECT pg_catalog.setval('public.acts_number_seq', 1, true);

SELECT pg_catalog.setval('public.audiences_number_seq', 2, true);

SELECT pg_catalog.setval('public.audit_outbox_id_seq', 1, true);

SELECT pg_catalog.setval('public.objects_number_seq', 4, true);

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.audit_checkpoints
    ADD CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (size);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_identities
    ADD CONSTRAINT audit_identities_pkey PRIMARY KEY (event);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_event_key UNIQUE (event);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.audit_outbox
    ADD CONSTRAINT audit_outbox_event_key UNIQUE (event);

ALTER TABLE ONLY public.audit_outbox
    ADD CONSTRAINT audit_outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_tiles
    ADD CONSTRAINT audit_tiles_pkey PRIMARY KEY (level, "position");

ALTER TABLE ONLY public.neighbour_cursors
    ADD CONSTRAINT neighbour_cursors_pkey PRIMARY KEY (neighbour);

ALTER TABLE ONLY public.neighbour_given
    ADD CONSTRAINT neighbour_given_pkey PRIMARY KEY (neighbour, id);

ALTER TABLE ONLY public.neighbour_statements
    ADD CONSTRAINT neighbour_statements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.neighbour_statements
    ADD CONSTRAINT neighbour_statements_place_key UNIQUE (place);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);

ALTER TABLE ONLY public.acts
    ADD CONSTRAINT pk_acts PRIMARY KEY (number);

ALTER TABLE ONLY public.audiences
    ADD CONSTRAINT pk_audiences PRIMARY KEY (number);

ALTER TABLE ONLY public.collections
    ADD CONSTRAINT pk_collections PRIMARY KEY (sha256);

ALTER TABLE ONLY public.handling
    ADD CONSTRAINT pk_handling PRIMARY KEY (object, organisation);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (digest);

ALTER TABLE ONLY public.objects
    ADD CONSTRAINT pk_objects PRIMARY KEY (number);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT pk_reports PRIMARY KEY (object);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (digest);

ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT pk_submissions PRIMARY KEY (digest);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT pk_tokens PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT uq_accounts_name UNIQUE (name);

ALTER TABLE ONLY public.audiences
    ADD CONSTRAINT uq_audiences_digest UNIQUE (digest);

ALTER TABLE ONLY public.objects
    ADD CONSTRAINT uq_objects_date_added UNIQUE (date_added);

ALTER TABLE ONLY public.objects
    ADD CONSTRAINT uq_objects_id_version UNIQUE (id, version);

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT uq_reports_key_digest UNIQUE (key_digest);

ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT uq_submissions_object_branch_place UNIQUE (object, branch, place);

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

CREATE INDEX ix_acts_object ON public.acts USING btree (object);

CREATE INDEX ix_audit_identities_about ON public.audit_identities USING btree (about);

CREATE INDEX ix_audit_identities_subject ON public.audit_identities USING btree (subject);

CREATE INDEX ix_neighbour_statements_parent ON public.neighbour_statements USING btree (parent);

CREATE INDEX ix_objects_audience_newest_type_date_added ON public.objects USING btree (audience, newest, type, date_added);

CREATE INDEX ix_objects_parent ON public.objects USING btree (parent);

CREATE INDEX ix_reports_account ON public.reports USING btree (account);

CREATE INDEX ix_sessions_account ON public.sessions USING btree (account);

CREATE INDEX ix_submissions_object ON public.submissions USING btree (object);

CREATE INDEX ix_tokens_account ON public.tokens USING btree (account);

CREATE INDEX ix_webhook_deliveries_due ON public.webhook_deliveries USING btree (due);

CREATE INDEX ix_webhook_deliveries_hook ON public.webhook_deliveries USING btree (hook);

ALTER TABLE ONLY public.collections
    ADD CONSTRAINT fk_collections_audience FOREIGN KEY (audience) REFERENCES public.audiences(number);

ALTER TABLE ONLY public.objects
    ADD CONSTRAINT fk_objects_audience FOREIGN KEY (audience) REFERENCES public.audiences(number);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_account FOREIGN KEY (account) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.submissions
    ADD CONSTRAINT fk_submissions_object FOREIGN KEY (object) REFERENCES public.reports(object);

ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT fk_tokens_account FOREIGN KEY (account) REFERENCES public.accounts(id);

