"""What the tables of `archive.db` must agree on, a query a rule: what it finds is damage."""

from archive.damage import Code

# Each gives (row, what).
RULES: tuple[tuple[Code, str], ...] = (
    (
        Code.DERIVATION,
        """
        SELECT 'derivations ' || d.capture_id, 'neither an article nor a refusal, or both'
        FROM derivations d
        WHERE (d.refusal IS NULL AND d.content_sha256 IS NULL)
            OR (d.refusal IS NOT 'withdrawn' AND d.refusal IS NOT NULL AND d.content_sha256 IS NOT NULL)
            OR (d.refusal IS NOT NULL AND d.article_id IS NOT NULL)
        """,
    ),
    (
        Code.DERIVATION,
        """
        SELECT 'derivations ' || d.capture_id, 'refused, and refusals says ' || coalesce(r.reason, 'nothing')
        FROM derivations d
        LEFT JOIN refusals r ON r.capture_id = d.capture_id
        WHERE d.refusal IS NOT NULL AND r.reason IS NOT d.refusal
        """,
    ),
    (
        Code.DERIVATION,
        """
        SELECT 'refusals ' || r.capture_id, 'no derivation of that capture was refused'
        FROM refusals r
        LEFT JOIN derivations d ON d.capture_id = r.capture_id
        WHERE d.refusal IS NULL
        """,
    ),
    (
        Code.DERIVATION,
        """
        SELECT 'derivations ' || d.capture_id, 'of a capture that is no page'
        FROM derivations d
        JOIN captures c ON c.id = d.capture_id
        WHERE c.role <> 'page'
        """,
    ),
    (
        Code.DERIVATION,
        """
        SELECT 'captures ' || c.id, 'a page that nothing was derived from: ' || c.url
        FROM captures c
        LEFT JOIN derivations d ON d.capture_id = c.id
        WHERE c.role = 'page' AND d.capture_id IS NULL
            AND NOT (c.status BETWEEN 300 AND 399 AND c.status <> 304) AND c.removed = 0
        """,
    ),
    (
        Code.SIGHTINGS,
        """
        SELECT 'views ' || v.capture_id, 'of another article than its capture, or at another time'
        FROM views v
        LEFT JOIN derivations d ON d.capture_id = v.capture_id
        LEFT JOIN captures c ON c.id = v.capture_id
        WHERE d.article_id IS NOT v.article_id OR c.fetched_at IS NOT v.seen_at
        """,
    ),
    (
        Code.SIGHTINGS,
        """
        SELECT 'articles ' || a.id, 'seen ' || a.first_seen || ' to ' || a.last_seen || ', captured ' ||
            coalesce(s.first, '-') || ' to ' || coalesce(s.last, '-')
        FROM articles a
        LEFT JOIN (SELECT d.article_id AS id,
            min(c.fetched_at) AS first, max(c.fetched_at) AS last
        FROM derivations d
        JOIN captures c ON c.id = d.capture_id
        WHERE d.article_id IS NOT NULL
        GROUP BY d.article_id) s ON s.id = a.id
        WHERE s.first IS NOT a.first_seen OR s.last IS NOT a.last_seen
        """,
    ),
    (
        Code.ALIAS,
        """
        SELECT 'aliases ' || x.url, 'also the address of article ' || a.id
        FROM aliases x
        JOIN articles a ON a.url = x.url
        """,
    ),
    (
        Code.CREDIT,
        """
        SELECT 'articles ' || id, 'no credit'
        FROM articles
        WHERE length(trim(credit)) = 0
        """,
    ),
    (
        Code.ARTICLE_STATE,
        """
        SELECT 'articles ' || a.id, count(r.number) || ' revisions, the newest number ' ||
            coalesce(max(r.number), 0)
        FROM articles a
        LEFT JOIN revisions r ON r.article_id = a.id
        GROUP BY a.id
        HAVING count(r.number) = 0 OR min(r.number) <> 1 OR max(r.number) <> count(r.number)
        """,
    ),
    (
        Code.ARTICLE_STATE,
        """
        SELECT 'revisions ' || r.article_id || '/' || r.number,
            'its capture gave another article, or at another time'
        FROM revisions r
        LEFT JOIN derivations d ON d.capture_id = r.capture_id
        LEFT JOIN captures c ON c.id = r.capture_id
        WHERE d.article_id IS NOT r.article_id OR d.content_sha256 IS NOT r.content_sha256
            OR c.fetched_at IS NOT r.seen_at
        """,
    ),
    (
        Code.FULL_TEXT,
        """
        SELECT 'articles ' || id, 'not in the index'
        FROM articles
        WHERE id NOT IN (SELECT rowid
        FROM articles_fts)
        """,
    ),
    (
        Code.FULL_TEXT,
        """
        SELECT 'articles_fts ' || rowid, 'of no article'
        FROM articles_fts
        WHERE rowid NOT IN (SELECT id
        FROM articles)
        """,
    ),
    (
        Code.FULL_TEXT,
        """
        SELECT 'articles ' || a.id, 'the text of its attachments in the index is another'
        FROM articles a
        JOIN articles_fts f ON f.rowid = a.id
        WHERE f.files IS NOT coalesce((
            SELECT nullif(group_concat(t, char(12)), '') FROM (
                SELECT coalesce(x.text, '') AS t FROM attachments p LEFT JOIN attachment_texts x ON x.sha256 = p.sha256
                WHERE p.article_id = a.id ORDER BY p.position
            ) HAVING max(t) <> ''
        ), '')
        """,
    ),
    (
        Code.FULL_TEXT,
        """
        SELECT 'attachment_texts ' || sha256, 'of no attachment'
        FROM attachment_texts
        WHERE sha256 NOT IN (SELECT sha256 FROM attachments WHERE sha256 NOT NULL)
        """,
    ),
)
