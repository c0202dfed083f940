/** The buffer pool: reading, replacement, flushing (InnoDB: buf0buf, buf0rea, buf0lru, buf0flu). */
@NullMarked
package org.selvage.engine.bufferpool;

import org.jspecify.annotations.NullMarked;
