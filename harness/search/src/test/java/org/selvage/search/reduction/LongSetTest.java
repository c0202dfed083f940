package org.selvage.search.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LongSetTest {
    @Test
    void behavesAsASet() {
        Random random = new Random(1);
        LongSet set = new LongSet();
        Set<Long> model = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextInt(3) == 0 ? random.nextInt(1_000) : random.nextLong();
            assertThat(set.add(value)).isEqualTo(model.add(value));
        }
        assertThat(set.size()).isEqualTo(model.size());
        assertThat(set.isFull()).isFalse();
    }

    @Test
    void zeroIsAValueLikeAnyOther() {
        LongSet set = new LongSet();
        assertThat(set.add(0)).isTrue();
        assertThat(set.add(0)).isFalse();
        assertThat(set.size()).isEqualTo(1);
    }
}
