/** A file system in memory that can be copied on write. Simulated. */
@NullMarked
package org.selvage.disk;

import org.jspecify.annotations.NullMarked;
