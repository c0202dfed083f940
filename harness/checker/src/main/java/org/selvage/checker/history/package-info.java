/** Recorded events of concurrent clients, paired into operations. */
@NullMarked
package org.selvage.checker.history;

import org.jspecify.annotations.NullMarked;
