/** Memory-model tests of the engine's lock-free words. */
@NullMarked
package org.selvage.memorymodel;

import org.jspecify.annotations.NullMarked;
