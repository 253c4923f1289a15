/* Stands for dockerd: says which version it was stamped with, and nothing more. */
#include <stdio.h>

int main(void) {
	printf("Docker version %s, build %s\n", VERSION, GITCOMMIT);
	return 0;
}
