/**
 * Histories as text: JSON lines, EDN as Jepsen and Knossos write it, etcd log lines of Jepsen, and
 * the call and return lines of Violin.
 */
@NullMarked
package org.selvage.checker.format;

import org.jspecify.annotations.NullMarked;
