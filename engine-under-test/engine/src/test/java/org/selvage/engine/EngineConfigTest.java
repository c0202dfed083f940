package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EngineConfigTest {
    @Test
    void defaultsAreInnoDbs() {
        EngineConfig config = EngineConfig.defaults();
        assertThat(config.pageSize()).isEqualTo(16384);
        assertThat(config.ioCapacity()).isEqualTo(200);
        assertThat(config.changeBufferMaxPercent()).isEqualTo(25);
    }

    @Test
    void toBuilderKeepsEveryOption() {
        EngineConfig config =
                new EngineConfig(
                        512,
                        17,
                        2,
                        3,
                        4,
                        5,
                        6,
                        EngineConfig.MARIADB_10_2_9,
                        true,
                        false,
                        7,
                        8,
                        9,
                        Durability.NONE,
                        false,
                        11,
                        12,
                        true,
                        1,
                        true,
                        14,
                        15);
        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void valuesOutOfRangeAreRefusedInOneLine() {
        assertThatThrownBy(() -> EngineConfig.builder().pageSize(1000).build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("Invalid option: pageSize=1000. Choose a power of two, 512 to 65536.");
        assertThatThrownBy(() -> EngineConfig.builder().poolPages(15).build())
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> EngineConfig.builder().changeBufferMaxPercent(51).build())
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> EngineConfig.builder().readThreads(0).build())
                .isInstanceOf(InvalidConfigException.class);
    }
}
