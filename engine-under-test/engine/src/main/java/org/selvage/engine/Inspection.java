package org.selvage.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.selvage.engine.changebuffer.BufferedChange;
import org.selvage.engine.changebuffer.ChangeBufferTree;
import org.selvage.engine.doublewrite.DoublewriteBuffer;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.redo.LogInspection;

/**
 * What the files of a data folder hold, read without the engine and without changing them
 * (innochecksum). A file that an engine is writing may look damaged.
 */
public final class Inspection {
    private static final int MOST_LINES = 20;
    private static final int HEADER_BYTES = 512;

    private final List<String> lines = new ArrayList<>();
    private int damaged;

    private Inspection() {}

    /** What was found. */
    public record Report(List<String> lines, int damagedPages) {}

    /**
     * Looks at a tablespace, at the redo log or at the doublewrite file.
     *
     * @param file a tablespace file, one of the two files of a redo log, or the doublewrite file
     *     beside its system tablespace
     * @throws DataFolderException when it is neither
     */
    public static Report file(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith("ib_logfile")) {
            return new Report(LogInspection.of(file.toAbsolutePath().resolveSibling("")), 0);
        }
        if (name.equals(DoublewriteBuffer.FILE)) {
            return doublewrite(file);
        }
        return read(file, (inspection, channel, header) -> inspection.space(file, channel, header));
    }

    private static Report doublewrite(Path file) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        int pageSize = pageSizeOf(folder);
        Inspection inspection = new Inspection();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            inspection.copies(channel, pageSize);
        } catch (IOException e) {
            throw new EngineIoException("inspect", file.toString(), 0, 0, e);
        }
        return new Report(inspection.lines, 0);
    }

    /** A torn copy is no damage: the page itself was not written after it. */
    private void copies(FileChannel channel, int pageSize) throws IOException {
        int slots = (int) (channel.size() / pageSize);
        int used = 0;
        int torn = 0;
        for (int slot = 0; slot < slots; slot++) {
            ByteBuffer copy = frame(channel, slot, pageSize);
            if (PageHeader.lsn(copy) == 0) {
                continue;
            }
            PageId id = new PageId(PageHeader.spaceId(copy), PageHeader.pageNo(copy));
            boolean whole = isWhole(copy, id);
            used++;
            torn += whole ? 0 : 1;
            if (used <= MOST_LINES) {
                lines.add(
                        "copy "
                                + slot
                                + ": page="
                                + id
                                + " lsn="
                                + PageHeader.lsn(copy)
                                + (whole ? "" : " torn"));
            }
        }
        lines.addFirst(
                "doublewrite: page_size="
                        + pageSize
                        + " slots="
                        + slots
                        + " copies="
                        + used
                        + " torn="
                        + torn);
    }

    private static boolean isWhole(ByteBuffer copy, PageId id) {
        try {
            PageChecksum.verify(copy, DoublewriteBuffer.FILE, id);
            return true;
        } catch (CorruptPageException e) {
            return false;
        }
    }

    /** The page size that the folder's system tablespace has in its header. */
    private static int pageSizeOf(Path folder) {
        Path system = folder.resolve("ibdata1");
        if (!Files.exists(system)) {
            throw refused(folder, "The folder is not a data folder: missing=ibdata1");
        }
        int[] pageSize = new int[1];
        read(
                system,
                (inspection, channel, header) -> pageSize[0] = header.getInt(FspHeader.PAGE_SIZE));
        return pageSize[0];
    }

    /**
     * Looks at one page of a tablespace.
     *
     * @throws DataFolderException when the file is no tablespace or has no such page
     */
    public static Report page(Path file, int pageNo) {
        return read(
                file,
                (inspection, channel, header) -> {
                    int pageSize = header.getInt(FspHeader.PAGE_SIZE);
                    if (pageNo < 0 || (pageNo + 1L) * pageSize > channel.size()) {
                        throw refused(file, "The tablespace has no such page: page=" + pageNo);
                    }
                    ByteBuffer page = frame(channel, pageNo, pageSize);
                    PageId id = new PageId(header.getInt(FspHeader.SPACE_ID), pageNo);
                    inspection.check(file, id, page);
                    inspection.describe(page);
                });
    }

    /** Opens a folder, recovers it if it was not closed, validates everything, and closes it. */
    public static Report check(Path folder) {
        EngineConfig config =
                EngineConfig.builder()
                        .pageSize(pageSizeOf(folder))
                        .backgroundThreads(false)
                        .build();
        Inspection inspection = new Inspection();
        try (Engine engine = Engine.open(folder, config)) {
            long rows = engine.validate();
            inspection.lines.add("valid: tables=" + engine.tableNames().size() + " rows=" + rows);
            inspection.lines.addAll(engine.errorLog().lines());
        }
        return new Report(inspection.lines, 0);
    }

    private interface Look {
        void at(Inspection inspection, FileChannel channel, ByteBuffer header) throws IOException;
    }

    private static Report read(Path file, Look look) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = frame(channel, 0, HEADER_BYTES);
            if (header.getLong(FspHeader.MAGIC) != FspHeader.MAGIC_VALUE) {
                throw refused(file, "Neither a tablespace nor a redo log of this engine");
            }
            int pageSize = header.getInt(FspHeader.PAGE_SIZE);
            if (pageSize < 512 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
                throw refused(file, "The header is damaged: page_size=" + pageSize);
            }
            Inspection inspection = new Inspection();
            look.at(inspection, channel, header);
            return new Report(inspection.lines, inspection.damaged);
        } catch (IOException e) {
            throw new EngineIoException("inspect", file.toString(), 0, 0, e);
        }
    }

    private static DataFolderException refused(Path file, String what) {
        return new DataFolderException(
                DataFolderException.Reason.NOT_OURS,
                what + ". file=" + file + "; name a file or folder that the engine made",
                null);
    }

    private static ByteBuffer frame(FileChannel channel, int pageNo, int length)
            throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length);
        long start = (long) pageNo * length;
        while (frame.hasRemaining() && channel.read(frame, start + frame.position()) > 0) {}
        return frame.clear();
    }

    private void space(Path file, FileChannel channel, ByteBuffer header) throws IOException {
        int pageSize = header.getInt(FspHeader.PAGE_SIZE);
        int spaceId = header.getInt(FspHeader.SPACE_ID);
        int pages = (int) (channel.size() / pageSize);
        lines.add(
                "tablespace: id="
                        + spaceId
                        + " page_size="
                        + pageSize
                        + " pages="
                        + pages
                        + " size_in_header="
                        + header.getInt(FspHeader.SIZE)
                        + " free_limit="
                        + header.getInt(FspHeader.FREE_LIMIT)
                        + " freed="
                        + header.getInt(FspHeader.FREE_LENGTH));
        if (pages < header.getInt(FspHeader.SIZE)) {
            damaged++;
            lines.add(
                    "The file is truncated: bytes="
                            + channel.size()
                            + " expected="
                            + (long) header.getInt(FspHeader.SIZE) * pageSize
                            + ". Restore this file from a backup.");
        }
        Map<String, Integer> types = new TreeMap<>();
        Map<String, int[]> indexes = new TreeMap<>();
        Map<String, Integer> buffered = new TreeMap<>();
        for (int pageNo = 0; pageNo < pages; pageNo++) {
            ByteBuffer page = frame(channel, pageNo, pageSize);
            if (!check(file, new PageId(spaceId, pageNo), page)) {
                continue;
            }
            types.merge(typeOf(page), 1, Integer::sum);
            if (PageHeader.typeCode(page) == PageType.INDEX.code()) {
                count(page, indexes, buffered);
            }
        }
        types.forEach((type, count) -> lines.add("pages of type " + type + ": " + count));
        indexes.forEach((id, sums) ->
                lines.add("index " + id + ": pages=" + sums[0] + " leaf_records=" + sums[1]));
        buffered.forEach((page, count) -> lines.add("buffered for " + page + ": " + count));
        if (damaged > 0) {
            lines.add("damaged pages: " + damaged);
        }
    }

    private static void count(
            ByteBuffer page, Map<String, int[]> indexes, Map<String, Integer> buffered) {
        long id = IndexPage.indexId(page);
        boolean changeBuffer = id == ChangeBufferTree.INDEX_ID;
        int[] sums =
                indexes.computeIfAbsent(
                        changeBuffer ? "of the change buffer" : String.valueOf(id),
                        any -> new int[2]);
        sums[0]++;
        if (IndexPage.isLeaf(page)) {
            sums[1] += IndexPage.recordCount(page);
            for (int i = 0; changeBuffer && i < IndexPage.recordCount(page); i++) {
                buffered.merge(String.valueOf(BufferedChange.page(page, i)), 1, Integer::sum);
            }
        }
    }

    /** Whether the page is what was written; says so when not. */
    private boolean check(Path file, PageId id, ByteBuffer page) {
        try {
            PageChecksum.verify(page, file.toString(), id);
            return true;
        } catch (CorruptPageException e) {
            damaged++;
            if (damaged <= MOST_LINES) {
                lines.add(String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    private static String typeOf(ByteBuffer page) {
        int code = PageHeader.typeCode(page);
        try {
            return PageType.ofCode(code).name();
        } catch (IllegalArgumentException e) {
            return "unknown " + code;
        }
    }

    private void describe(ByteBuffer page) {
        lines.add(
                "page: number="
                        + PageHeader.pageNo(page)
                        + " space="
                        + PageHeader.spaceId(page)
                        + " type="
                        + typeOf(page)
                        + " lsn="
                        + PageHeader.lsn(page)
                        + " prev="
                        + PageHeader.prev(page)
                        + " next="
                        + PageHeader.next(page)
                        + String.format(
                                Locale.ROOT, " checksum=0x%08x", page.getInt(PageHeader.CHECKSUM)));
        if (PageHeader.typeCode(page) != PageType.INDEX.code() || damaged > 0) {
            return;
        }
        int count = IndexPage.recordCount(page);
        lines.add(
                "index page: index="
                        + IndexPage.indexId(page)
                        + " level="
                        + IndexPage.level(page)
                        + " records="
                        + count
                        + " free="
                        + IndexPage.freeSpace(page));
        for (int i = 0; i < Math.min(count, MOST_LINES); i++) {
            lines.add(
                    "record "
                            + i
                            + ": key="
                            + HexFormat.of().formatHex(IndexPage.key(page, i))
                            + " value_bytes="
                            + IndexPage.valueLength(page, i)
                            + (IndexPage.isDeleteMarked(page, i) ? " delete-marked" : ""));
        }
    }
}
