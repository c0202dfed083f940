/** Findings as text, JSON and folders. */
@NullMarked
package org.selvage.report;

import org.jspecify.annotations.NullMarked;
