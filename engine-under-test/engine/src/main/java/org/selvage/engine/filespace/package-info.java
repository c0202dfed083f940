/** Page allocation inside a tablespace (InnoDB: fsp0fsp.cc). */
@NullMarked
package org.selvage.engine.filespace;

import org.jspecify.annotations.NullMarked;
