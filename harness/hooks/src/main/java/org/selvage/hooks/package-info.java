/** What woven code calls, and the fiber that runs one controlled thread. */
@NullMarked
package org.selvage.hooks;

import org.jspecify.annotations.NullMarked;
