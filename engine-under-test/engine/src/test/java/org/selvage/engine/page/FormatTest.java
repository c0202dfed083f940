package org.selvage.engine.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.selvage.engine.Engine;

/** The offsets that FORMAT.md draws are those of the descriptor classes. */
class FormatTest {
    /** A field of a drawing: offset, size in bytes, what it is. */
    private static final Pattern FIELD = Pattern.compile("^(\\d+) +(\\d+) +\\S.*");

    private List<String> page = List.of();

    @BeforeEach
    void read() throws Exception {
        Path classes =
                Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        page = Files.readAllLines(classes.resolve("../../../FORMAT.md").normalize());
    }

    private List<String> section(String heading) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : page) {
            if (line.startsWith("## ")) {
                inside = line.startsWith("## " + heading);
            } else if (inside) {
                lines.add(line);
            }
        }
        assertThat(lines).as(heading).isNotEmpty();
        return lines;
    }

    /**
     * The offset that is drawn for a field.
     *
     * @param field the first words of its description; all of them when they end in a dollar sign
     */
    private int drawn(String heading, String field) {
        boolean whole = field.endsWith("$");
        String words = whole ? field.substring(0, field.length() - 1) : field;
        Pattern pattern =
                Pattern.compile(
                        "(?:^| )(\\d+) +(?:\\d+n? +)?"
                                + Pattern.quote(words)
                                + (whole ? "(?:  |$)" : ""));
        List<Integer> offsets = new ArrayList<>();
        for (String line : section(heading)) {
            Matcher matcher = pattern.matcher(line);
            while (matcher.find()) {
                offsets.add(Integer.valueOf(matcher.group(1)));
            }
        }
        assertThat(offsets).as(heading + ": " + field).hasSize(1);
        return offsets.getFirst();
    }

    private static int constant(String name) throws Exception {
        int dot = name.lastIndexOf('.');
        Class<?> type = Class.forName("org.selvage.engine." + name.substring(0, dot));
        Field field = type.getDeclaredField(name.substring(dot + 1));
        field.setAccessible(true);
        return ((Number) field.get(null)).intValue();
    }

    @ParameterizedTest
    @CsvSource({
        "Every page, checksum$, page.PageHeader.CHECKSUM",
        "Every page, page number, page.PageHeader.PAGE_NO",
        "Every page, previous page, page.PageHeader.PREV",
        "Every page, next page, page.PageHeader.NEXT",
        "Every page, LSN: end, page.PageHeader.LSN",
        "Every page, type, page.PageHeader.TYPE",
        "Every page, in page 0 of space 0, page.PageHeader.FLUSH_LSN",
        "Every page, space id, page.PageHeader.SPACE_ID",
        "Every page, content, page.PageHeader.DATA",
        "Page 0, \"SELVAGE\", page.FspHeader.MAGIC",
        "Page 0, format version, page.FspHeader.FORMAT_VERSION",
        "Page 0, page size, page.FspHeader.PAGE_SIZE",
        "Page 0, space id, page.FspHeader.SPACE_ID",
        "Page 0, size in pages, page.FspHeader.SIZE",
        "Page 0, free limit, page.FspHeader.FREE_LIMIT",
        "Page 0, first page of the free list, page.FspHeader.FREE_HEAD",
        "Page 0, length of the free list, page.FspHeader.FREE_LENGTH",
        "Page 0, space 0: next tablespace id, page.FspHeader.NEXT_SPACE_ID",
        "Page 0, space 0: 1 when, page.FspHeader.LOGGED",
        "INDEX page, number of records, page.IndexHeader.RECORD_COUNT",
        "INDEX page, heap top, page.IndexHeader.HEAP_TOP",
        "INDEX page, garbage, page.IndexHeader.GARBAGE",
        "INDEX page, level, page.IndexHeader.LEVEL",
        "INDEX page, index id, page.IndexHeader.INDEX_ID",
        "INDEX page, 'records, in', index.IndexPage.RECORDS",
        "INDEX page, key length, index.IndexPage.KEY_LENGTH",
        "INDEX page, value length, index.IndexPage.VALUE_LENGTH",
        "INDEX page, k     key, index.IndexPage.RECORD_HEADER",
        "Dictionary, root of the tree, dictionary.Dictionary.HEADER_ROOT",
        "Dictionary, next index id, dictionary.Dictionary.HEADER_NEXT_INDEX_ID",
        "Transactions, transaction ids below, transaction.TrxSys.ID_BOUND",
        "Transactions, first undo page, transaction.TrxSys.SLOTS",
        "Transactions, state:, transaction.UndoPage.STATE",
        "Transactions, transaction id$, transaction.UndoPage.TRX_ID",
        "Transactions, first byte after, transaction.UndoPage.TOP",
        "Transactions, records:, transaction.UndoPage.RECORDS",
        "Redo log, \"SELVREDO\", redo.LogHeader.MAGIC",
        "Redo log, 'format, 1', redo.LogHeader.FORMAT",
        "Redo log, number of the file, redo.LogHeader.FILE_NUMBER",
        "Redo log, length of the file, redo.LogHeader.FILE_BYTES",
        "Redo log, page size, redo.LogHeader.PAGE_SIZE",
        "Redo log, number: the block, redo.LogHeader.CHECKPOINT_NUMBER",
        "Redo log, LSN: all, redo.LogHeader.CHECKPOINT_LSN",
        "Redo log, epoch, redo.LogHeader.CHECKPOINT_EPOCH",
        "Redo log, length with this header, redo.LogHeader.RECORD_LENGTH",
        "Redo log, check$, redo.LogHeader.RECORD_CHECK",
        "Redo log, LSN where it begins, redo.LogHeader.RECORD_LSN",
        "Redo log, items, redo.LogHeader.RECORD_HEADER",
        "Change buffer, pages of the tree, changebuffer.ChangeBufferTree.HEADER_SIZE",
        "Change buffer, page number, changebuffer.BufferedChange.PAGE_NO",
        "Change buffer, counter:, changebuffer.BufferedChange.COUNTER",
    })
    void offsetsAreTheDescriptors(String heading, String field, String constant) throws Exception {
        assertThat(drawn(heading, field)).as(constant).isEqualTo(constant(constant));
    }

    @ParameterizedTest
    @CsvSource({
        "first 512 bytes of each file, redo.LogHeader.BLOCK, 512",
        "room = file length - 2048, redo.LogHeader.FILE_HEADER, 2048",
        "'offset 512 and 1536', redo.LogHeader.CHECKPOINT_1, 512",
        "'offset 512 and 1536', redo.LogHeader.CHECKPOINT_2, 1536",
        "'508     4     checksum', redo.LogHeader.BLOCK_CHECKSUM, 508",
        "from 8192 on, redo.RedoLog.START_LSN, 8192",
        "'from offset 38, two pages a byte', changebuffer.BitmapPage.BITS, 38",
        "'256 for batches over the flush list', doublewrite.DoublewriteBuffer.FLUSH_LIST_SLOTS, 256",
        "2048 for batches over the LRU list, doublewrite.DoublewriteBuffer.LRU_SLOTS, 2048",
        "A new file has 128 slots, doublewrite.DoublewriteBuffer.FIRST_SLOTS, 128",
        "up to 128 slots, transaction.TrxSys.MOST_SLOTS, 128",
        "tables begin at 16, dictionary.Dictionary.FIRST_USER_INDEX_ID, 16",
        "'8 in the system tablespace', page.FspHeader.SYSTEM_RESERVED_PAGES, 8",
        "'| 0 | 3 | change buffer header |', page.FspHeader.IBUF_HEADER_PAGE_NO, 3",
        "'| 0 | 4 | change buffer root |', page.FspHeader.IBUF_ROOT_PAGE_NO, 4",
        "'| 0 | 5 | transaction system |', page.FspHeader.TRX_SYS_PAGE_NO, 5",
        "'| 0 | 6 | root of the DDL log |', page.FspHeader.DDL_LOG_ROOT_PAGE_NO, 6",
        "'| 0 | 7 | dictionary header |', page.FspHeader.DICTIONARY_PAGE_NO, 7",
    })
    void numbersInTheTextAreTheConstants(String words, String constant, int value)
            throws Exception {
        assertThat(String.join("\n", page)).contains(words);
        assertThat(constant(constant)).as(constant).isEqualTo(value);
    }

    @Test
    void typesAreThoseOfTheTable() {
        for (PageType type : PageType.values()) {
            assertThat(page)
                    .as(type.name())
                    .anyMatch(line -> line.startsWith("| " + type + " | " + type.code() + " |"));
        }
    }

    /** A field begins where the one before it ends. */
    @Test
    void sizesLeaveNoGap() {
        int compared = 0;
        int end = -1;
        for (String line : page) {
            Matcher field = FIELD.matcher(line);
            if (!field.matches()) {
                end = -1;
                continue;
            }
            int offset = Integer.parseInt(field.group(1));
            if (end >= 0 && offset != 508) {
                assertThat(offset).as(line).isEqualTo(end);
                compared++;
            }
            end = offset + Integer.parseInt(field.group(2));
        }
        assertThat(compared).isGreaterThan(25);
    }
}
