/** Slotted pages and B+trees over them. Answers to InnoDB's page/ and btr/ directories. */
@NullMarked
package org.selvage.engine.index;

import org.jspecify.annotations.NullMarked;
