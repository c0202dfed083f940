package org.selvage.engine;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.dictionary.DdlLog;
import org.selvage.engine.dictionary.Table;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.index.PageStore;
import org.selvage.engine.index.TreeCheck;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.MiniTransaction;
import org.selvage.engine.tablespace.DataFolder;
import org.selvage.engine.tablespace.FilSpace;
import org.selvage.engine.tablespace.FilSystem;

/**
 * The part of {@link Engine#validate} that is about tablespaces: a dictionary record has a
 * tablespace and a file and the other way round, ids are below the next one to be given out, and
 * the free list of each tablespace (fsp_validate). Nobody changes anything meanwhile.
 */
final class SpaceCheck {
    private static final int SYSTEM_SPACE = 0;

    private final FilSystem fil;
    private final PageStore store;

    SpaceCheck(FilSystem fil, PageStore store) {
        this.fil = fil;
        this.store = store;
    }

    /** Checks all tablespaces of a folder with these tables. */
    void check(List<Table> tables) {
        int nextSpaceId = checkSpace(SYSTEM_SPACE);
        Map<Integer, String> names = new HashMap<>();
        for (Table table : tables) {
            TableDefinition definition = table.definition();
            if (!definition.isDiscarded()) {
                requireGivenOut(definition.spaceId(), nextSpaceId, "table=" + definition.name());
                names.put(definition.spaceId(), definition.name());
            }
        }
        Set<Integer> unfinished = unfinished();
        checkRegistry(names, unfinished);
        checkFiles(names, unfinished);
        names.keySet().forEach(this::checkSpace);
    }

    private static void requireGivenOut(int spaceId, int next, String whose) {
        if (spaceId < 1 || spaceId >= next) {
            throw new ValidationException(
                    "a tablespace has an id that was not given out",
                    whose + " space=" + spaceId + " next_space_id=" + next);
        }
    }

    /**
     * Tablespaces of statements that failed half-way: the DDL log has what the next start will do
     * with them.
     */
    private Set<Integer> unfinished() {
        Set<Integer> ids = new HashSet<>();
        if (fil.isLogged()) {
            DdlLog log = new DdlLog(store);
            TreeCheck.check(store, log.tree(), (page, frame) -> {});
            log.entries().forEach(entry -> ids.add(entry.spaceId()));
        }
        return ids;
    }

    /** Every tablespace is a table's, and every table has one. */
    private void checkRegistry(Map<Integer, String> tables, Set<Integer> unfinished) {
        Map<Integer, String> spaces = new HashMap<>();
        for (FilSpace space : fil.spaces()) {
            spaces.put(space.id(), space.name());
            boolean expected = tables.containsKey(space.id()) || unfinished.contains(space.id());
            if (space.id() != SYSTEM_SPACE && !expected) {
                throw new ValidationException(
                        "a tablespace belongs to no table",
                        "space=" + space.id() + " name=" + space.name());
            }
        }
        tables.forEach((id, table) -> {
            if (!table.equals(spaces.get(id)) && !unfinished.contains(id)) {
                throw new ValidationException(
                        "a table has no tablespace",
                        "table="
                                + table
                                + " space="
                                + id
                                + " tablespace="
                                + spaces.getOrDefault(id, "none"));
            }
        });
    }

    /** Every file is a table's, and every table has one. */
    private void checkFiles(Map<Integer, String> tables, Set<Integer> unfinished) {
        Set<Integer> missing = new TreeSet<>(tables.keySet());
        missing.removeAll(unfinished);
        for (DataFolder.Found file : fil.files()) {
            if (unfinished.contains(file.spaceId())) {
                continue;
            }
            String table = tables.get(file.spaceId());
            if (!file.name().equals(table)) {
                throw new ValidationException(
                        "a tablespace file belongs to no table",
                        "file="
                                + fil.pathOf(file.name())
                                + " space_in_file="
                                + file.spaceId()
                                + " table_of_space="
                                + table);
            }
            missing.remove(file.spaceId());
        }
        for (int spaceId : missing) {
            throw fil.missing(spaceId);
        }
    }

    /** Checks sizes and the free list; returns the next tablespace id of the system tablespace. */
    private int checkSpace(int spaceId) {
        int limit;
        int head;
        int length;
        int nextSpaceId;
        try (MiniTransaction mtr = store.begin()) {
            ByteBuffer header = mtr.page(new PageId(spaceId, 0), Latch.S).frame();
            int size = header.getInt(FspHeader.SIZE);
            limit = header.getInt(FspHeader.FREE_LIMIT);
            head = header.getInt(FspHeader.FREE_HEAD);
            length = header.getInt(FspHeader.FREE_LENGTH);
            nextSpaceId = header.getInt(FspHeader.NEXT_SPACE_ID);
            int pages = fil.size(spaceId);
            // A growth that was not logged is made again by the next.
            if (limit < 0 || limit > size || size > pages) {
                throw new ValidationException(
                        "a tablespace's sizes do not fit each other",
                        "space="
                                + spaceId
                                + " free_limit="
                                + limit
                                + " size="
                                + size
                                + " pages="
                                + pages);
            }
        }
        checkFreeList(spaceId, head, length, limit);
        return nextSpaceId;
    }

    private void checkFreeList(int spaceId, int head, int length, int limit) {
        int page = head;
        for (int at = 0; at < length; at++) {
            if (page <= 0 || page >= limit) {
                throw new ValidationException(
                        "the list of free pages leads out of the used part of its tablespace",
                        "space="
                                + spaceId
                                + " at="
                                + at
                                + " page="
                                + page
                                + " free_limit="
                                + limit);
            }
            try (MiniTransaction mtr = store.begin()) {
                ByteBuffer frame = mtr.page(new PageId(spaceId, page), Latch.S).frame();
                int type = PageHeader.typeCode(frame);
                if (type != PageType.ALLOCATED.code()) {
                    throw new ValidationException(
                            "a page in use is in the list of free pages",
                            "space=" + spaceId + " page=" + page + " type=" + type);
                }
                page = PageHeader.next(frame);
            }
        }
        if (page != PageHeader.NULL_PAGE) {
            throw new ValidationException(
                    "the list of free pages is longer than its length",
                    "space=" + spaceId + " length=" + length + " next=" + page);
        }
    }
}
