package org.selvage.engine.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.selvage.engine.CorruptPageException;

class PageChecksumTest {
    private static final PageId ID = new PageId(7, 42);

    private static ByteBuffer stampedPage() {
        ByteBuffer page = ByteBuffer.allocate(512);
        PageHeader.initialise(page, ID, PageType.INDEX);
        page.putLong(PageHeader.DATA, 0x1122334455667788L);
        PageHeader.setLsn(page, 0x123456789AL);
        PageChecksum.stamp(page);
        return page;
    }

    @Test
    void stampedPagePasses() {
        assertThatCode(() -> PageChecksum.verify(stampedPage(), "f", ID))
                .doesNotThrowAnyException();
    }

    @Test
    void everySingleBitFlipIsFound() {
        for (int bit = 0; bit < 512 * 8; bit++) {
            ByteBuffer page = stampedPage();
            page.put(bit / 8, (byte) (page.get(bit / 8) ^ (1 << (bit % 8))));
            assertThatThrownBy(() -> PageChecksum.verify(page, "f", ID))
                    .as("bit %d", bit)
                    .isInstanceOf(CorruptPageException.class);
        }
    }

    @Test
    void errorCarriesTheEvidence() {
        ByteBuffer page = stampedPage();
        long stored = page.getInt(PageHeader.CHECKSUM) & 0xFFFFFFFFL;
        page.put(100, (byte) 1);
        CorruptPageException error =
                catchThrowableOfType(
                        CorruptPageException.class, () -> PageChecksum.verify(page, "t1.ibd", ID));
        assertThat(error.page()).isEqualTo(ID);
        assertThat(error.actual()).isEqualTo(stored);
        assertThat(error.expected()).isNotEqualTo(stored);
        assertThat(error.lsn()).isEqualTo(0x123456789AL);
        assertThat(error)
                .hasMessageContaining("file=t1.ibd space=7 page=42")
                .hasMessageContaining("actual=0x" + Long.toHexString(stored))
                .hasMessageNotContaining("\n");
    }

    @Test
    void pageOfZeroesPassesButNotOneNonZeroByte() {
        ByteBuffer zeroes = ByteBuffer.allocate(512);
        assertThatCode(() -> PageChecksum.verify(zeroes, "f", ID)).doesNotThrowAnyException();
        zeroes.put(300, (byte) 1);
        assertThatThrownBy(() -> PageChecksum.verify(zeroes, "f", ID))
                .isInstanceOf(CorruptPageException.class);
    }

    @Test
    void tornPageIsFoundEvenWhenItsContentIsTheSame() {
        ByteBuffer page = stampedPage();
        page.putInt(512 - 4, 5);
        assertThatThrownBy(() -> PageChecksum.verify(page, "f", ID))
                .hasMessageContaining("bad trailer LSN");
    }

    @Test
    void misplacedPageIsFound() {
        assertThatThrownBy(() -> PageChecksum.verify(stampedPage(), "f", new PageId(7, 43)))
                .hasMessageContaining("bad page number");
        assertThatThrownBy(() -> PageChecksum.verify(stampedPage(), "f", new PageId(8, 42)))
                .hasMessageContaining("bad space id");
    }

    @Test
    void pageTypesKeepTheirCodes() {
        for (PageType type : PageType.values()) {
            assertThat(PageType.ofCode(type.code())).isEqualTo(type);
        }
        assertThat(PageType.INDEX.code()).isEqualTo(17855);
        assertThatThrownBy(() -> PageType.ofCode(99)).hasMessageContaining("code=99");
    }

    @Test
    void bitmapPagesAreTheSecondOfEachRun() {
        assertThat(FspHeader.isBitmapPage(1, 512)).isTrue();
        assertThat(FspHeader.isBitmapPage(513, 512)).isTrue();
        assertThat(FspHeader.isBitmapPage(2, 512)).isFalse();
        assertThat(FspHeader.isBitmapPage(512, 512)).isFalse();
    }
}
