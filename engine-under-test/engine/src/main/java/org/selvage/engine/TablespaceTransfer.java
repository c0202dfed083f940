package org.selvage.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.selvage.engine.changebuffer.BitmapPage;
import org.selvage.engine.dictionary.IndexDefinition;
import org.selvage.engine.dictionary.TableDefinition;
import org.selvage.engine.index.IndexPage;
import org.selvage.engine.page.FspHeader;
import org.selvage.engine.page.PageChecksum;
import org.selvage.engine.page.PageHeader;
import org.selvage.engine.page.PageId;
import org.selvage.engine.page.PageType;
import org.selvage.engine.tablespace.FilSystem;
import org.selvage.engine.tablespace.IoRequest;

/**
 * Copies of tablespaces outside the data folder (FLUSH TABLES FOR EXPORT, and row0import.cc with
 * its PageConverter). Beside the file NAME.ibd there is NAME.cfg with the table's definition.
 */
final class TablespaceTransfer {
    /** First bytes of a .cfg file: "SELVCFG" and a 1. */
    static final long MAGIC = 0x53454C5643464701L;

    private TablespaceTransfer() {}

    /**
     * Writes the pages of a tablespace, which nobody changes meanwhile, and what describes them.
     *
     * @param dir where to; made when it is missing; files of the same names are replaced
     */
    static void export(FilSystem fil, TableDefinition table, Path dir) {
        Path file = dir.resolve(table.name() + ".ibd");
        try {
            Files.createDirectories(dir);
            try (FileChannel out = create(file)) {
                ByteBuffer page = ByteBuffer.allocate(fil.pageSize());
                int pages = fil.size(table.spaceId());
                for (int pageNo = 0; pageNo < pages; pageNo++) {
                    PageId id = new PageId(table.spaceId(), pageNo);
                    fil.io(IoRequest.READ_SYNC, id, page.clear(), null);
                    write(out, page.clear());
                }
                out.force(true);
            }
            try (FileChannel out = create(configOf(file))) {
                write(out, config(table, fil.pageSize()));
                out.force(true);
            }
        } catch (IOException e) {
            throw new EngineIoException("export", file.toString(), 0, 0, e);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private static Path configOf(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".cfg");
    }

    /**
     * Magic, page size, length and bytes of the name, of the definition, checksum of all before.
     */
    private static ByteBuffer config(TableDefinition table, int pageSize) {
        byte[] key = table.key();
        byte[] value = table.encode();
        byte[] raw = new byte[24 + key.length + value.length];
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        bytes.putLong(MAGIC).putInt(pageSize);
        bytes.putInt(key.length).put(key).putInt(value.length).put(value);
        bytes.putInt(checksum(raw, bytes.position()));
        return bytes.flip();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /**
     * An exported tablespace.
     *
     * @param definition what its table was
     */
    record Source(Path file, TableDefinition definition, int pageSize) {
        /**
         * Looks at the description of an exported tablespace.
         *
         * @throws TablespaceImportException when there is none, or it is another table's
         */
        static Source open(Path file, TableDefinition table, int pageSize) {
            TableDefinition exported = readConfig(configOf(file), pageSize);
            boolean same =
                    exported.columns().equals(table.columns())
                            && indexedColumns(exported).equals(indexedColumns(table));
            if (!same) {
                throw new TablespaceImportException(
                        file.toString(),
                        "it is the tablespace of another table",
                        "columns="
                                + exported.columns()
                                + " indexes="
                                + indexedColumns(exported)
                                + " expected_columns="
                                + table.columns()
                                + " expected_indexes="
                                + indexedColumns(table));
            }
            return new Source(file, exported, pageSize);
        }

        private static List<Integer> indexedColumns(TableDefinition table) {
            return table.secondary().stream().map(IndexDefinition::column).toList();
        }

        private static TableDefinition readConfig(Path config, int pageSize) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(config);
            } catch (NoSuchFileException e) {
                throw new TablespaceImportException(
                        config.toString(), "there is no such file", "exists=false");
            } catch (IOException e) {
                throw new EngineIoException("import", config.toString(), 0, 0, e);
            }
            TableDefinition definition = parse(bytes, config, pageSize);
            if (definition == null) {
                throw new TablespaceImportException(
                        config.toString(),
                        "its description cannot be read",
                        "length=" + bytes.length);
            }
            return definition;
        }

        private static @Nullable TableDefinition parse(byte[] raw, Path config, int pageSize) {
            ByteBuffer bytes = ByteBuffer.wrap(raw);
            int length = raw.length - Integer.BYTES;
            boolean whole =
                    length > 20
                            && bytes.getLong(0) == MAGIC
                            && bytes.getInt(length) == checksum(raw, length);
            if (!whole) {
                return null;
            }
            int exportedSize = bytes.getInt(Long.BYTES);
            if (exportedSize != pageSize) {
                throw new TablespaceImportException(
                        config.toString(),
                        "it has another page size",
                        "page_size=" + exportedSize + " expected=" + pageSize);
            }
            bytes.position(12);
            byte[] key = new byte[bytes.getInt()];
            bytes.get(key);
            byte[] value = new byte[bytes.getInt()];
            bytes.get(value);
            return TableDefinition.decode(key, value);
        }

        /**
         * Writes the tablespace's file with another id and other index ids, durable.
         *
         * @param target the definition that the pages are to be for
         * @param lsn the newest LSN of the folder they come to
         * @throws TablespaceImportException when the file is not the one that was described
         * @throws CorruptPageException when a page of it is not what was written
         */
        void copyTo(Path to, TableDefinition target, long lsn) {
            try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                    FileChannel out = create(to)) {
                long pages = in.size() / pageSize;
                if (pages == 0 || in.size() % pageSize != 0) {
                    throw new TablespaceImportException(
                            file.toString(),
                            "its length is not a number of pages",
                            "length=" + in.size() + " page_size=" + pageSize);
                }
                ByteBuffer page = ByteBuffer.allocate(pageSize);
                Map<Long, Long> indexIds = indexIds(target);
                for (int pageNo = 0; pageNo < pages; pageNo++) {
                    page.clear();
                    while (page.hasRemaining() && in.read(page) >= 0) {}
                    convert(page, pageNo, target.spaceId(), indexIds, lsn);
                    write(out, page.clear());
                }
                out.force(true);
            } catch (NoSuchFileException e) {
                throw new TablespaceImportException(
                        file.toString(), "there is no such file", "exists=false");
            } catch (IOException e) {
                throw new EngineIoException("import", file.toString(), 0, 0, e);
            }
        }

        private Map<Long, Long> indexIds(TableDefinition target) {
            Map<Long, Long> ids = new HashMap<>();
            ids.put(definition.clusteredIndexId(), target.clusteredIndexId());
            for (int i = 0; i < definition.secondary().size(); i++) {
                ids.put(
                        definition.secondary().get(i).indexId(),
                        target.secondary().get(i).indexId());
            }
            return ids;
        }

        private void convert(
                ByteBuffer page, int pageNo, int spaceId, Map<Long, Long> indexIds, long lsn) {
            PageChecksum.verify(page, file.toString(), new PageId(definition.spaceId(), pageNo));
            int type = PageHeader.typeCode(page);
            if (page.getInt(PageHeader.CHECKSUM) == 0 && type == 0) {
                return;
            }
            page.putInt(PageHeader.SPACE_ID, spaceId);
            PageHeader.setLsn(page, lsn);
            if (pageNo == 0) {
                page.putInt(FspHeader.SPACE_ID, spaceId);
            }
            if (type == PageType.INDEX.code()) {
                Long indexId = indexIds.get(IndexPage.indexId(page));
                if (indexId == null) {
                    throw new TablespaceImportException(
                            file.toString(),
                            "a page belongs to no index of the table",
                            "page=" + pageNo + " index=" + IndexPage.indexId(page));
                }
                IndexPage.setIndexId(page, indexId);
            }
            if (type == PageType.IBUF_BITMAP.code()) {
                requireMerged(page, pageNo);
            }
            PageChecksum.stamp(page);
        }

        private void requireMerged(ByteBuffer bitmap, int pageNo) {
            for (int i = 0; i < pageSize; i++) {
                if (BitmapPage.buffered(bitmap, i)) {
                    throw new TablespaceImportException(
                            file.toString(),
                            "changes of a page were not merged before it was copied",
                            "bitmap_page=" + pageNo + " page=" + (pageNo - 1 + i));
                }
            }
        }
    }
}
